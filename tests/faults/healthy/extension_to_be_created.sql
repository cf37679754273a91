-- own: the target has not created the extension yet, and its server has what the restore will take
-- gate: pre
-- on before
create extension vector;
