-- The tables.  Keys are text that the client makes, and the client also sets "updatedAt": the
-- database has a default for neither.  The three names in mixed case must always be quoted.

create table "users" (
    "id" text not null,
    "wallet" text not null,
    "nickname" text,
    "fullName" text,
    "bio" text,
    "avatar" text,
    "backgroundImage" text,
    "website" text,
    "twitter" text,
    "telegram" text,
    "location" text,
    "createdAt" timestamp(3) not null default current_timestamp,
    "updatedAt" timestamp(3) not null,
    "isVerified" boolean not null default false,
    "isCreator" boolean not null default false,
    "followersCount" integer not null default 0,
    "followingCount" integer not null default 0,
    "postsCount" integer not null default 0,
    "referrerId" text,
    "name" text,
    "email" text,
    "solana_wallet" text,
    "token" text,
    "tokenExpiresAt" timestamp(3),
    constraint "users_pkey" primary key ("id")
);

create table "accounts" (
    "id" text not null,
    "user_id" text not null,
    "type" text not null,
    "provider" text not null,
    "provider_account_id" text not null,
    "refresh_token" text,
    "access_token" text,
    "expires_at" integer,
    "token_type" text,
    "scope" text,
    "id_token" text,
    "session_state" text,
    constraint "accounts_pkey" primary key ("id")
);

create table "sessions" (
    "id" text not null,
    "session_token" text not null,
    "user_id" text not null,
    "expires" timestamp(3) not null,
    constraint "sessions_pkey" primary key ("id")
);

create table "user_settings" (
    "id" text not null,
    "userId" text not null,
    "notifyComments" boolean not null default true,
    "notifyLikes" boolean not null default true,
    "notifyNewPosts" boolean not null default true,
    "notifySubscriptions" boolean not null default true,
    "showActivity" boolean not null default true,
    "allowMessages" boolean not null default true,
    "showOnlineStatus" boolean not null default true,
    "theme" text not null default 'dark',
    "createdAt" timestamp(3) not null default current_timestamp,
    "updatedAt" timestamp(3) not null,
    constraint "user_settings_pkey" primary key ("id")
);

create table "creator_tier_settings" (
    "id" text not null,
    "creatorId" text not null,
    "basicTier" jsonb,
    "premiumTier" jsonb,
    "vipTier" jsonb,
    "createdAt" timestamp(3) not null default current_timestamp,
    "updatedAt" timestamp(3) not null,
    constraint "creator_tier_settings_pkey" primary key ("id")
);

create table "follows" (
    "id" text not null,
    "followerId" text not null,
    "followingId" text not null,
    "createdAt" timestamp(3) not null default current_timestamp,
    constraint "follows_pkey" primary key ("id")
);

create table "posts" (
    "id" text not null,
    "creatorId" text not null,
    "title" text not null,
    "content" text not null,
    "type" text not null,
    "category" text,
    "thumbnail" text,
    "mediaUrl" text,
    "isLocked" boolean not null default false,
    "isPremium" boolean not null default false,
    "price" double precision,
    "currency" text not null default 'SOL',
    "imageAspectRatio" numeric(65,30),
    "isSellable" boolean not null default false,
    "minSubscriptionTier" text,
    "likesCount" integer not null default 0,
    "commentsCount" integer not null default 0,
    "viewsCount" integer not null default 0,
    "createdAt" timestamp(3) not null default current_timestamp,
    "updatedAt" timestamp(3) not null,
    constraint "posts_pkey" primary key ("id")
);

create table "tags" (
    "id" text not null,
    "name" text not null,
    constraint "tags_pkey" primary key ("id")
);

create table "post_tags" (
    "postId" text not null,
    "tagId" text not null,
    constraint "post_tags_pkey" primary key ("postId", "tagId")
);

create table "comments" (
    "id" text not null,
    "postId" text not null,
    "userId" text not null,
    "content" text not null,
    "isAnonymous" boolean not null default false,
    "likesCount" integer not null default 0,
    "createdAt" timestamp(3) not null default current_timestamp,
    "updatedAt" timestamp(3) not null,
    "parentId" text,
    constraint "comments_pkey" primary key ("id")
);

create table "likes" (
    "id" text not null,
    "userId" text not null,
    "postId" text,
    "commentId" text,
    "createdAt" timestamp(3) not null default current_timestamp,
    constraint "likes_pkey" primary key ("id")
);

create table "subscriptions" (
    "id" text not null,
    "userId" text not null,
    "creatorId" text not null,
    "plan" text not null,
    "price" double precision not null,
    "currency" text not null default 'SOL',
    "subscribedAt" timestamp(3) not null default current_timestamp,
    "validUntil" timestamp(3) not null,
    "isActive" boolean not null default true,
    "txSignature" text,
    "paymentStatus" "PaymentStatus" not null default 'PENDING',
    constraint "subscriptions_pkey" primary key ("id")
);

create table "post_purchases" (
    "id" text not null,
    "postId" text not null,
    "userId" text not null,
    "price" double precision not null,
    "currency" text not null default 'SOL',
    "txSignature" text,
    "purchasedAt" timestamp(3) not null default current_timestamp,
    "paymentStatus" "PaymentStatus" not null default 'PENDING',
    "platformFee" double precision,
    "referrerFee" double precision,
    "creatorAmount" double precision,
    constraint "post_purchases_pkey" primary key ("id")
);

create table "transactions" (
    "id" text not null,
    "subscriptionId" text,
    "txSignature" text not null,
    "fromWallet" text not null,
    "toWallet" text not null,
    "amount" double precision not null,
    "currency" text not null default 'SOL',
    "type" "TransactionType" not null,
    "status" "TransactionStatus" not null default 'PENDING',
    "platformFee" double precision,
    "referrerFee" double precision,
    "referrerWallet" text,
    "metadata" jsonb,
    "errorMessage" text,
    "confirmedAt" timestamp(3),
    "createdAt" timestamp(3) not null default current_timestamp,
    "updatedAt" timestamp(3) not null,
    "postPurchaseId" text,
    "receiverId" text,
    "senderId" text,
    constraint "transactions_pkey" primary key ("id")
);

create table "flash_sales" (
    "id" text not null,
    "creatorId" text,
    "postId" text,
    "subscriptionPlan" text,
    "discount" double precision not null,
    "maxRedemptions" integer,
    "usedCount" integer not null default 0,
    "startAt" timestamp(3) not null default current_timestamp,
    "endAt" timestamp(3) not null,
    "isActive" boolean not null default true,
    "createdAt" timestamp(3) not null default current_timestamp,
    "updatedAt" timestamp(3) not null,
    constraint "flash_sales_pkey" primary key ("id")
);

create table "flash_sale_redemptions" (
    "id" text not null,
    "flashSaleId" text not null,
    "userId" text not null,
    "originalPrice" double precision not null,
    "discountAmount" double precision not null,
    "finalPrice" double precision not null,
    "redeemedAt" timestamp(3) not null default current_timestamp,
    constraint "flash_sale_redemptions_pkey" primary key ("id")
);

create table "auction_bids" (
    "id" text not null,
    "postId" text not null,
    "userId" text not null,
    "amount" double precision not null,
    "isWinning" boolean not null default false,
    "createdAt" timestamp(3) not null default current_timestamp,
    constraint "auction_bids_pkey" primary key ("id")
);

create table "auction_deposits" (
    "id" text not null,
    "postId" text not null,
    "userId" text not null,
    "amount" double precision not null,
    "txSignature" text not null,
    "status" "DepositStatus" not null default 'HELD',
    "createdAt" timestamp(3) not null default current_timestamp,
    "refundedAt" timestamp(3),
    "refundTxSignature" text,
    "forfeitedAt" timestamp(3),
    constraint "auction_deposits_pkey" primary key ("id")
);

create table "auction_payments" (
    "id" text not null,
    "postId" text not null,
    "userId" text not null,
    "amount" double precision not null,
    "txSignature" text,
    "status" "AuctionPaymentStatus" not null default 'PENDING',
    "dueAt" timestamp(3) not null,
    "paidAt" timestamp(3),
    "sellerConfirmedAt" timestamp(3),
    "createdAt" timestamp(3) not null default current_timestamp,
    constraint "auction_payments_pkey" primary key ("id")
);

create table "Conversation" (
    "id" text not null,
    "fromUserId" text not null,
    "toUserId" text not null,
    "lastMessageAt" timestamp(3),
    "createdAt" timestamp(3) not null default current_timestamp,
    "updatedAt" timestamp(3) not null,
    constraint "Conversation_pkey" primary key ("id")
);

create table "Message" (
    "id" text not null,
    "conversationId" text not null,
    "senderId" text not null,
    "content" text,
    "mediaUrl" text,
    "mediaType" text,
    "isPaid" boolean not null default false,
    "price" double precision,
    "isRead" boolean not null default false,
    "createdAt" timestamp(3) not null default current_timestamp,
    "metadata" jsonb,
    constraint "Message_pkey" primary key ("id")
);

create table "MessagePurchase" (
    "id" text not null,
    "messageId" text not null,
    "userId" text not null,
    "amount" double precision not null,
    "txSignature" text not null,
    "createdAt" timestamp(3) not null default current_timestamp,
    constraint "MessagePurchase_pkey" primary key ("id")
);

create table "notifications" (
    "id" text not null,
    "userId" text not null,
    "type" "NotificationType" not null,
    "title" text not null,
    "message" text not null,
    "isRead" boolean not null default false,
    "metadata" jsonb,
    "createdAt" timestamp(3) not null default current_timestamp,
    constraint "notifications_pkey" primary key ("id")
);
