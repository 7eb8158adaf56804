"""What the books want of a plan: its designation and memo, and the journal of its account."""
