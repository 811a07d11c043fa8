"""The parts of search: numbers in either spelling, matching, ranking, what is written, saved searches."""
