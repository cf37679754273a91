-- What was uploaded.  Only the projects know which file is theirs, and in which order.
select i.new as id,
       f.filename as name,
       f."originalName" as original_name,
       f.description,
       f.path as file_path,
       f.url as file_url,
       null::text as thumbnail_url,
       f.mimetype as mime_type,
       f.size::bigint as file_size,
       null::integer as width,
       null::integer as height,
       null::integer as duration,
       null::integer as pages,
       'other' as category,
       'draft' as status,
       1 as version,
       true as is_latest,
       null::uuid as parent_file_id,
       project.new as project_id,
       uploader.new as organization_id,
       uploader.new as uploaded_by,
       jsonb_build_object(
           'tags', f.tags, 'isPublic', f."isPublic"::boolean, 'position', listed.position
       ) as metadata,
       f."uploadedAt"::timestamptz as created_at,
       f."uploadedAt"::timestamptz as updated_at
  from staged.files as f
  left join staged.ids as i on i.collection = 'files' and i.old = f.id
  left join (
       select p.id as project, one.file, one.position
         from staged.projects as p,
              jsonb_array_elements_text(p.files) with ordinality as one (file, position)
       ) as listed on listed.file = f.id
  left join staged.ids as project on project.collection = 'projects' and project.old = listed.project
  left join staged.ids as uploader on uploader.collection = 'users' and uploader.old = f."uploadedBy"
