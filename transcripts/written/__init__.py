"""Written records: text that somebody wrote of a hearing, compared with what was said in it."""
