-- What every record was called, and is called now.
select collection, old as old_id, new as new_id from staged.ids
