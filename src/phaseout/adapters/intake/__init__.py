"""Mail in (收件): where deliveries wait, and how a stranger's mail is read."""
