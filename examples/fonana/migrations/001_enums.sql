-- What a status or a kind may be.  The order of the labels is the order in which they sort.
-- "AuctionStatus" and "SellType" wait for columns that use them.

create type "PaymentStatus" as enum ('PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'REFUNDED');
create type "TransactionType" as enum (
    'SUBSCRIPTION',
    'PLATFORM_FEE',
    'REFERRER_FEE',
    'WITHDRAWAL',
    'REFUND',
    'POST_PURCHASE',
    'MESSAGE_PURCHASE',
    'TIP'
);
create type "TransactionStatus" as enum ('PENDING', 'CONFIRMED', 'FAILED', 'EXPIRED');
create type "NotificationType" as enum (
    'LIKE_POST',
    'LIKE_COMMENT',
    'COMMENT_POST',
    'REPLY_COMMENT',
    'NEW_SUBSCRIBER',
    'POST_PURCHASE',
    'MESSAGE_PURCHASE',
    'SUBSCRIPTION_PURCHASE',
    'TIP_RECEIVED',
    'POST_SALE',
    'SYSTEM_ANNOUNCEMENT',
    'NEW_MESSAGE',
    'NEW_POST_FROM_SUBSCRIPTION'
);
create type "DepositStatus" as enum ('HELD', 'REFUNDED', 'FORFEITED');
create type "AuctionPaymentStatus" as enum ('PENDING', 'PAID', 'CONFIRMED', 'EXPIRED', 'CANCELLED');
create type "AuctionStatus" as enum ('SCHEDULED', 'ACTIVE', 'PAUSED', 'COMPLETED', 'CANCELLED');
create type "SellType" as enum ('FIXED_PRICE', 'AUCTION');
