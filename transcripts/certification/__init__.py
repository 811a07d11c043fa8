"""From a transcript to the record: corrections people ask for, the court's certificate, the signatures under it."""
