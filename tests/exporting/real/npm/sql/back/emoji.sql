select jsonb_build_object(
           'name', g.name,
           'slug', g.slug,
           'emojis', (
               select jsonb_agg(
                          jsonb_build_object(
                              'emoji', e.emoji,
                              'skin_tone_support', e.skin_tone_support,
                              'name', e.name,
                              'slug', e.slug,
                              'unicode_version', e.unicode_version,
                              'emoji_version', e.emoji_version
                          )
                          || case when e.skin_tone_since is null then '{}' else jsonb_build_object(
                                 'skin_tone_support_unicode_version', e.skin_tone_since
                             ) end
                          order by e.position
                      )
                 from emoji as e
                where e.group_slug = g.slug
           )
       ) as doc
  from emoji_groups as g
 order by g.position;
