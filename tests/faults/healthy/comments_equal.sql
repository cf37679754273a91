-- own: comments, on both sides the same
-- gate: data
-- on both
comment on table users is 'Everyone who ever signed up; см. документацию';
comment on column users.wallet is 'no key of base58 in every row';
comment on index users_wallet_key is 'one wallet, one user';
