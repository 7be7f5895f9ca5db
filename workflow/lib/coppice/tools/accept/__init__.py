"""accept: figures of a draft that a person has read, moved into the record of the study."""
