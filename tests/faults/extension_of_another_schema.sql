-- own: an extension was created elsewhere, where no search_path looks for its operators
-- gate: data
-- finds: extensions vector
-- says: extension vector: schema public before, tools after
-- says: hint: alter extension vector set schema public
-- on before
create schema tools;
create extension vector;
-- on after
create schema tools;
create extension vector schema tools;
