-- F4: an export made by hand names some of the columns; the tiers that guard posts are gone
-- gate: data
-- finds: rows public.posts; columns public.posts; rows public.users; columns public.users
-- says: minSubscriptionTier: 19 values became NULL
-- says: backgroundImage: 53 values became NULL
-- says: solana_wallet: 25 values became NULL
-- says: referrerId: 8 values became NULL
-- on after
update posts set "minSubscriptionTier" = null;
update users set "backgroundImage" = null, name = null, solana_wallet = null, "referrerId" = null;
