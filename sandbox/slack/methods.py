"""Slack's methods as data: arguments, bot scopes, rate tier and the errors this workspace answers. No behaviour.

Arguments: `*` required, then name and type: s string, b boolean, n number, j JSON. Scopes: any one of those that fit
the channel's kind. Tier: calls a minute; 0 where Slack has special rules. A form-only method ignores a JSON body.
"""

from dataclasses import dataclass

TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
COMMON_ERRORS = frozenset(
    {
        "invalid_arguments",
        "invalid_auth",
        "not_authed",
        "not_allowed_token_type",
        "missing_scope",
        "ratelimited",
        "unknown_method",
        "internal_error",
    }
)
PREFIX = {"public": "channels:", "private": "groups:", "im": "im:"}


@dataclass(frozen=True)
class Method:
    tier: int
    scopes: tuple
    required: tuple
    types: dict
    errors: frozenset
    form_only: bool

    def scopes_for(self, kind):
        """The scopes of which one is enough, for a channel of this kind."""
        return tuple(s for s in self.scopes if s.startswith(PREFIX.get(kind, " "))) or self.scopes


def _method(tier, scopes, args, errors, form_only=False):
    pairs = [arg.split(":") for arg in args.split()]
    return Method(
        tier=tier,
        scopes=tuple(scopes.split()),
        required=tuple(name[1:] for name, _ in pairs if name.startswith("*")),
        types={name.lstrip("*"): type for name, type in pairs},
        errors=frozenset(errors.split()),
        form_only=form_only,
    )


METHODS = {
    "apps.connections.open": _method(3, "", "", "missing_args"),
    "auth.test": _method(0, "", "", ""),
    "team.info": _method(3, "team:read", "domain:s team:s", "team_not_found", form_only=True),
    "chat.postMessage": _method(
        0,
        "chat:write",
        (
            "as_user:b attachments:j blocks:j *channel:s current_draft_last_updated_ts:s icon_emoji:s icon_url:s "
            "link_names:b markdown_text:s metadata:j mrkdwn:b parse:s reply_broadcast:b text:s thread_ts:s "
            "unfurl_links:b unfurl_media:b username:s"
        ),
        (
            "channel_not_found not_in_channel is_archived no_text invalid_blocks invalid_blocks_format "
            "msg_blocks_too_long markdown_text_conflict cannot_reply_to_message too_many_attachments "
            "invalid_metadata_format invalid_metadata_schema"
        ),
    ),
    "chat.update": _method(
        3,
        "chat:write",
        (
            "as_user:s attachments:j blocks:j *channel:s file_ids:j link_names:s markdown_text:s metadata:j parse:s "
            "reply_broadcast:b text:s *ts:s unfurled_attachments:j"
        ),
        (
            "channel_not_found message_not_found cant_update_message is_inactive msg_too_long no_text "
            "invalid_blocks invalid_blocks_format markdown_text_conflict too_many_attachments"
        ),
    ),
    "chat.delete": _method(
        3, "chat:write", "as_user:b *channel:s *ts:s", "channel_not_found message_not_found cant_delete_message"
    ),
    "chat.postEphemeral": _method(
        4,
        "chat:write",
        (
            "as_user:b attachments:j blocks:j *channel:s icon_emoji:s icon_url:s link_names:b markdown_text:s "
            "parse:s text:s thread_ts:s *user:s username:s"
        ),
        (
            "channel_not_found not_in_channel is_archived user_not_in_channel msg_too_long no_text invalid_blocks "
            "invalid_blocks_format markdown_text_conflict too_many_attachments cannot_reply_to_message"
        ),
    ),
    "chat.getPermalink": _method(
        0, "", "*channel:s *message_ts:s", "channel_not_found message_not_found", form_only=True
    ),
    "conversations.create": _method(
        2,
        "channels:manage channels:write groups:write im:write mpim:write",
        "is_private:b *name:s team_id:s",
        (
            "name_taken invalid_name_maxlength invalid_name_punctuation invalid_name_required invalid_name_specials "
            "missing_argument"
        ),
    ),
    "conversations.archive": _method(
        2,
        "channels:manage channels:write groups:write im:write mpim:write",
        "*channel:s",
        (
            "already_archived cant_archive_general channel_not_found not_in_channel "
            "method_not_supported_for_channel_type"
        ),
    ),
    "conversations.unarchive": _method(
        2,
        "channels:manage channels:write groups:write im:write mpim:write",
        "*channel:s",
        "channel_not_found not_archived not_in_channel method_not_supported_for_channel_type",
    ),
    "conversations.invite": _method(
        3,
        "channels:manage channels:write.invites groups:write groups:write.invites im:write mpim:write",
        "*channel:s force:b *users:s",
        (
            "already_in_channel cant_invite cant_invite_self channel_not_found is_archived no_user not_in_channel "
            "user_not_found method_not_supported_for_channel_type"
        ),
    ),
    "conversations.kick": _method(
        3,
        "channels:manage channels:write groups:write im:write mpim:write",
        "*channel:s user:s",
        (
            "cant_kick_from_general cant_kick_self channel_not_found not_in_channel user_not_found "
            "method_not_supported_for_channel_type"
        ),
    ),
    "conversations.join": _method(
        3, "channels:join", "*channel:s", "channel_not_found is_archived method_not_supported_for_channel_type"
    ),
    "conversations.leave": _method(
        3,
        "channels:manage channels:write groups:write im:write mpim:write",
        "*channel:s",
        "cant_leave_general channel_not_found is_archived last_member method_not_supported_for_channel_type",
    ),
    "conversations.rename": _method(
        2,
        "channels:manage channels:write groups:write im:write mpim:write",
        "*channel:s *name:s",
        (
            "channel_not_found invalid_name_maxlength invalid_name_punctuation invalid_name_required "
            "invalid_name_specials is_archived name_taken not_in_channel not_authorized "
            "method_not_supported_for_channel_type"
        ),
    ),
    "conversations.setTopic": _method(
        2,
        (
            "channels:manage channels:write.topic groups:write groups:write.topic im:write im:write.topic "
            "mpim:write mpim:write.topic"
        ),
        "*channel:s *topic:s",
        "channel_not_found is_archived not_in_channel too_long method_not_supported_for_channel_type",
    ),
    "conversations.setPurpose": _method(
        2,
        (
            "channels:manage channels:write.topic groups:write groups:write.topic im:write im:write.topic "
            "mpim:write mpim:write.topic"
        ),
        "*channel:s *purpose:s",
        "channel_not_found is_archived not_in_channel too_long method_not_supported_for_channel_type",
    ),
    "conversations.info": _method(
        3,
        "channels:read groups:read im:read mpim:read",
        "*channel:s include_locale:b include_num_members:b",
        "channel_not_found",
        form_only=True,
    ),
    "conversations.history": _method(
        3,
        "channels:history groups:history im:history mpim:history",
        "*channel:s cursor:s include_all_metadata:b inclusive:b latest:s limit:n oldest:s",
        "channel_not_found not_in_channel invalid_cursor invalid_ts_latest invalid_ts_oldest",
        form_only=True,
    ),
    "conversations.replies": _method(
        3,
        "channels:history groups:history im:history mpim:history",
        "*channel:s cursor:s include_all_metadata:b inclusive:b latest:s limit:n oldest:s *ts:s",
        "channel_not_found thread_not_found invalid_cursor invalid_ts_latest invalid_ts_oldest",
        form_only=True,
    ),
    "conversations.members": _method(
        4,
        "channels:read groups:read im:read mpim:read",
        "*channel:s cursor:s limit:n",
        "channel_not_found invalid_cursor invalid_limit",
        form_only=True,
    ),
    "conversations.open": _method(
        3,
        "channels:manage groups:write im:write mpim:write",
        "channel:s prevent_creation:b return_im:b users:s",
        "channel_not_found user_disabled user_not_found users_list_not_supplied too_many_users",
    ),
    "conversations.list": _method(
        2,
        "channels:read groups:read im:read mpim:read",
        "cursor:s exclude_archived:b limit:n team_id:s types:s",
        "invalid_cursor invalid_limit invalid_types",
        form_only=True,
    ),
    "users.conversations": _method(
        3,
        "channels:read groups:read im:read mpim:read",
        "cursor:s exclude_archived:b limit:n team_id:s types:s user:s",
        "invalid_cursor invalid_limit invalid_types",
        form_only=True,
    ),
    "users.info": _method(4, "users:read", "include_locale:b *user:s", "user_not_found", form_only=True),
    "users.list": _method(
        2, "users:read", "cursor:s include_locale:b limit:n team_id:s", "invalid_cursor", form_only=True
    ),
    "users.lookupByEmail": _method(3, "users:read.email", "*email:s", "users_not_found", form_only=True),
    "usergroups.list": _method(
        2, "usergroups:read", "include_count:b include_disabled:b include_users:b team_id:s", "", form_only=True
    ),
    "usergroups.users.list": _method(
        2, "usergroups:read", "include_disabled:b team_id:s *usergroup:s", "no_such_subteam", form_only=True
    ),
    "pins.add": _method(
        2,
        "pins:write",
        "*channel:s timestamp:s",
        (
            "already_pinned bad_timestamp channel_not_found message_not_found no_item_specified not_in_channel "
            "not_pinnable restricted_action too_many_pins"
        ),
    ),
    "pins.remove": _method(
        2,
        "pins:write",
        "*channel:s timestamp:s",
        "bad_timestamp channel_not_found message_not_found no_item_specified no_pin",
    ),
    "pins.list": _method(2, "pins:read", "*channel:s", "channel_not_found", form_only=True),
    "bookmarks.add": _method(
        2,
        "bookmarks:write",
        "access_level:s channel_id:s emoji:s entity_id:s link:s parent_id:s *title:s *type:s",
        "channel_not_found invalid_bookmark_type invalid_link permission_denied too_many_bookmarks",
    ),
    "bookmarks.edit": _method(
        2,
        "bookmarks:write",
        "bookmark_id:s channel_id:s emoji:s link:s title:s",
        "channel_not_found invalid_link not_found permission_denied",
    ),
    "bookmarks.remove": _method(
        2,
        "bookmarks:write",
        "bookmark_id:s channel_id:s quip_section_id:s",
        "channel_not_found not_found permission_denied",
    ),
    "bookmarks.list": _method(3, "bookmarks:read", "channel_id:s", "channel_not_found"),
    "reactions.add": _method(
        3,
        "reactions:write",
        "*channel:s *name:s *timestamp:s",
        (
            "already_reacted bad_timestamp channel_not_found invalid_name is_archived message_not_found "
            "too_many_emoji too_many_reactions"
        ),
    ),
    "reactions.remove": _method(
        2,
        "reactions:write",
        "channel:s file:s file_comment:s *name:s timestamp:s",
        "bad_timestamp channel_not_found invalid_name message_not_found no_item_specified no_reaction",
    ),
    "reactions.get": _method(
        3,
        "reactions:read",
        "channel:s file:s file_comment:s full:b timestamp:s",
        "bad_timestamp channel_not_found message_not_found no_item_specified",
        form_only=True,
    ),
    "views.open": _method(
        4,
        "",
        "interactivity_pointer:s trigger_id:s *view:j",
        "duplicate_external_id exchanged_trigger_id expired_trigger_id invalid_trigger_id view_too_large",
    ),
    "views.update": _method(
        4, "", "external_id:s hash:s *view:j view_id:s", "duplicate_external_id hash_conflict not_found view_too_large"
    ),
    "views.push": _method(
        4,
        "",
        "interactivity_pointer:s trigger_id:s *view:j",
        (
            "duplicate_external_id exchanged_trigger_id expired_trigger_id invalid_trigger_id not_found "
            "push_limit_reached view_too_large"
        ),
    ),
    "views.publish": _method(4, "", "hash:s *user_id:s *view:j", "hash_conflict not_enabled view_too_large"),
}
