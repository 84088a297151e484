"""Mail out (发件): finished messages, the office's sender, and the loopback post of a replay."""
