-- What is said: conversations, who takes part, messages and what is thought of them.

create table public.conversations (
    id uuid not null default gen_random_uuid() primary key,
    name varchar(255),
    description text,
    type varchar(50) not null
        constraint conversations_type_check check (type in ('direct', 'group', 'project', 'team')),
    organization_id uuid references public.organizations (id) on delete cascade,
    project_id uuid references public.projects (id) on delete cascade,
    team_id uuid references public.teams (id) on delete cascade,
    created_by uuid not null references public.users (id),
    last_message_at timestamptz,
    metadata jsonb default '{}',
    settings jsonb default '{}',
    is_archived boolean default false,
    created_at timestamptz default current_timestamp,
    updated_at timestamptz default current_timestamp
);

create table public.conversation_participants (
    id uuid not null default gen_random_uuid() primary key,
    conversation_id uuid not null references public.conversations (id) on delete cascade,
    user_id uuid not null references public.users (id) on delete cascade,
    role varchar(50) not null default 'member'
        constraint conversation_participants_role_check check (role in ('owner', 'admin', 'member')),
    joined_at timestamptz default current_timestamp,
    last_read_at timestamptz,
    is_muted boolean default false,
    is_pinned boolean default false,
    unique (conversation_id, user_id)
);

-- Whom mentions name, and the message that began a thread, no foreign key can say.
create table public.messages (
    id uuid not null default gen_random_uuid() primary key,
    conversation_id uuid not null references public.conversations (id) on delete cascade,
    author_id uuid not null references public.users (id),
    content text,
    message_type varchar(50) not null default 'text'
        constraint messages_message_type_check
        check (message_type in ('text', 'file', 'image', 'system')),
    priority varchar(50) not null default 'normal'
        constraint messages_priority_check check (priority in ('low', 'normal', 'high', 'urgent')),
    status varchar(50) not null default 'sent'
        constraint messages_status_check check (status in ('sent', 'delivered', 'read')),
    reply_to_id uuid references public.messages (id),
    thread_id uuid,
    mentions uuid[] default '{}',
    attachments jsonb default '[]',
    metadata jsonb default '{}',
    edited_at timestamptz,
    deleted_at timestamptz,
    created_at timestamptz default current_timestamp
);

create table public.message_reactions (
    id uuid not null default gen_random_uuid() primary key,
    message_id uuid not null references public.messages (id) on delete cascade,
    user_id uuid not null references public.users (id) on delete cascade,
    reaction varchar(50) not null,
    created_at timestamptz default current_timestamp,
    unique (message_id, user_id, reaction)
);

create table public.notifications (
    id uuid not null default gen_random_uuid() primary key,
    user_id uuid not null references public.users (id) on delete cascade,
    type varchar(100) not null,
    title varchar(255) not null,
    message text not null,
    data jsonb default '{}',
    priority varchar(50) not null default 'medium'
        constraint notifications_priority_check
        check (priority in ('low', 'medium', 'high', 'urgent')),
    is_read boolean default false,
    read_at timestamptz,
    action_url text,
    expires_at timestamptz,
    created_at timestamptz default current_timestamp
);

create index idx_messages_conversation on public.messages (conversation_id);
create index idx_messages_created_at on public.messages (created_at);
create index idx_notifications_user on public.notifications (user_id);
create index idx_notifications_unread on public.notifications (user_id, is_read);

create trigger update_conversations_updated_at before update on public.conversations
    for each row execute function public.update_updated_at_column();
