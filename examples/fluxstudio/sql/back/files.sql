-- The files as files.json has them.
select jsonb_build_object(
           'id', f.id,
           'originalName', f.original_name,
           'filename', f.name,
           'path', f.file_path,
           'url', f.file_url,
           'size', f.file_size,
           'mimetype', f.mime_type,
           'uploadedBy', coalesce(l.old_id, f.uploaded_by::text),
           'uploadedAt', to_char(f.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
           'tags', coalesce(f.metadata -> 'tags', '[]'),
           'description', f.description,
           'isPublic', coalesce(f.metadata -> 'isPublic', 'false')
       ) as doc
  from public.files as f
  left join public.legacy_ids as l on l.collection = 'users' and l.new_id = f.uploaded_by
 order by f.created_at, f.id
