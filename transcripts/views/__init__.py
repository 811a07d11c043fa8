"""The pages of the record, one module a subject."""
