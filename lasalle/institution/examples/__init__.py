"""Examples with a story each, run through the order path of a venue of their own."""
