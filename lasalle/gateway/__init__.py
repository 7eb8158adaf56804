"""The doors: REST and WebSocket for programs and for the page; keys and signatures."""
