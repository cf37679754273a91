-- What mime-db does not know of a type is no field of it.
select jsonb_strip_nulls(jsonb_build_object(
           'type', type,
           'source', source,
           'charset', charset,
           'compressible', compressible,
           'extensions', extensions
       )) as doc
  from mime_types
 order by type collate "C";
