-- Who belongs to whom.  "notifications"."userId", "MessagePurchase"."userId" and the two ends of a
-- row in "transactions" also point to users; nothing but the application says so.

alter table "users" add constraint "users_referrerId_fkey"
    foreign key ("referrerId") references "users" ("id") on delete set null on update cascade;
alter table "accounts" add constraint "accounts_user_id_fkey"
    foreign key ("user_id") references "users" ("id") on delete cascade on update cascade;
alter table "sessions" add constraint "sessions_user_id_fkey"
    foreign key ("user_id") references "users" ("id") on delete cascade on update cascade;
alter table "user_settings" add constraint "user_settings_userId_fkey"
    foreign key ("userId") references "users" ("id") on delete cascade on update cascade;
alter table "creator_tier_settings" add constraint "creator_tier_settings_creatorId_fkey"
    foreign key ("creatorId") references "users" ("id") on delete cascade on update cascade;
alter table "follows" add constraint "follows_followerId_fkey"
    foreign key ("followerId") references "users" ("id") on delete cascade on update cascade;
alter table "follows" add constraint "follows_followingId_fkey"
    foreign key ("followingId") references "users" ("id") on delete cascade on update cascade;
alter table "posts" add constraint "posts_creatorId_fkey"
    foreign key ("creatorId") references "users" ("id") on delete cascade on update cascade;
alter table "post_tags" add constraint "post_tags_postId_fkey"
    foreign key ("postId") references "posts" ("id") on delete cascade on update cascade;
alter table "post_tags" add constraint "post_tags_tagId_fkey"
    foreign key ("tagId") references "tags" ("id") on delete cascade on update cascade;
alter table "comments" add constraint "comments_parentId_fkey"
    foreign key ("parentId") references "comments" ("id") on delete set null on update cascade;
alter table "comments" add constraint "comments_postId_fkey"
    foreign key ("postId") references "posts" ("id") on delete cascade on update cascade;
alter table "comments" add constraint "comments_userId_fkey"
    foreign key ("userId") references "users" ("id") on delete cascade on update cascade;
alter table "likes" add constraint "likes_commentId_fkey"
    foreign key ("commentId") references "comments" ("id") on delete cascade on update cascade;
alter table "likes" add constraint "likes_postId_fkey"
    foreign key ("postId") references "posts" ("id") on delete cascade on update cascade;
alter table "likes" add constraint "likes_userId_fkey"
    foreign key ("userId") references "users" ("id") on delete cascade on update cascade;
alter table "subscriptions" add constraint "subscriptions_creatorId_fkey"
    foreign key ("creatorId") references "users" ("id") on delete cascade on update cascade;
alter table "subscriptions" add constraint "subscriptions_userId_fkey"
    foreign key ("userId") references "users" ("id") on delete cascade on update cascade;
alter table "post_purchases" add constraint "post_purchases_userId_fkey"
    foreign key ("userId") references "users" ("id") on delete cascade on update cascade;
alter table "post_purchases" add constraint "post_purchases_postId_fkey"
    foreign key ("postId") references "posts" ("id") on delete cascade on update cascade;
alter table "transactions" add constraint "transactions_postPurchaseId_fkey"
    foreign key ("postPurchaseId") references "post_purchases" ("id") on delete set null on update cascade;
alter table "transactions" add constraint "transactions_subscriptionId_fkey"
    foreign key ("subscriptionId") references "subscriptions" ("id") on delete set null on update cascade;
alter table "flash_sales" add constraint "flash_sales_creatorId_fkey"
    foreign key ("creatorId") references "users" ("id") on delete cascade on update cascade;
alter table "flash_sales" add constraint "flash_sales_postId_fkey"
    foreign key ("postId") references "posts" ("id") on delete cascade on update cascade;
alter table "flash_sale_redemptions" add constraint "flash_sale_redemptions_flashSaleId_fkey"
    foreign key ("flashSaleId") references "flash_sales" ("id") on delete cascade on update cascade;
alter table "flash_sale_redemptions" add constraint "flash_sale_redemptions_userId_fkey"
    foreign key ("userId") references "users" ("id") on delete cascade on update cascade;
alter table "auction_bids" add constraint "auction_bids_postId_fkey"
    foreign key ("postId") references "posts" ("id") on delete cascade on update cascade;
alter table "auction_bids" add constraint "auction_bids_userId_fkey"
    foreign key ("userId") references "users" ("id") on delete restrict on update cascade;
alter table "auction_deposits" add constraint "auction_deposits_postId_fkey"
    foreign key ("postId") references "posts" ("id") on delete cascade on update cascade;
alter table "auction_deposits" add constraint "auction_deposits_userId_fkey"
    foreign key ("userId") references "users" ("id") on delete restrict on update cascade;
alter table "auction_payments" add constraint "auction_payments_postId_fkey"
    foreign key ("postId") references "posts" ("id") on delete restrict on update cascade;
alter table "auction_payments" add constraint "auction_payments_userId_fkey"
    foreign key ("userId") references "users" ("id") on delete restrict on update cascade;
alter table "Conversation" add constraint "Conversation_fromUserId_fkey"
    foreign key ("fromUserId") references "users" ("id") on delete cascade on update cascade;
alter table "Conversation" add constraint "Conversation_toUserId_fkey"
    foreign key ("toUserId") references "users" ("id") on delete cascade on update cascade;
alter table "Message" add constraint "Message_conversationId_fkey"
    foreign key ("conversationId") references "Conversation" ("id") on delete cascade on update cascade;
alter table "Message" add constraint "Message_senderId_fkey"
    foreign key ("senderId") references "users" ("id") on delete restrict on update cascade;
alter table "MessagePurchase" add constraint "MessagePurchase_messageId_fkey"
    foreign key ("messageId") references "Message" ("id") on delete cascade on update cascade;
