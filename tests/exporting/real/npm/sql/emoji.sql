select e.emoji, g.slug as group_slug, e.position::int as position, e.name, e.slug,
       e.skin_tone_support::boolean as skin_tone_support,
       e.skin_tone_support_unicode_version as skin_tone_since,
       e.unicode_version, e.emoji_version
  from "emoji.emojis" as e
  join emoji as g on g.record = e.parent;
