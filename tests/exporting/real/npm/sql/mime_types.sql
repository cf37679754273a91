select type, source, charset, compressible::boolean as compressible,
       case when extensions is not null then array(select jsonb_array_elements_text(extensions)) end
           as extensions
  from mime;
