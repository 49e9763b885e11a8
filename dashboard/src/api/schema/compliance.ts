// Written by `npm run gen` from openapi/compliance.json 7773c562fcf594da3e746305cc8c19ae1d33ffb8845d68c1161b7c20cf68feb7. Do not edit.

export interface paths {
    "/compat/agent-os/api/v1/airlock/dashboard/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How full the airlock is. */
        get: operations["airlock_dashboard_compat_agent_os_api_v1_airlock_dashboard_stats_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/compat/agent-os/api/v1/airlock/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Items, the newest first. */
        get: operations["list_airlock_items_compat_agent_os_api_v1_airlock_items_get"];
        put?: never;
        /** Hold something until a person decides. */
        post: operations["hold_airlock_item_compat_agent_os_api_v1_airlock_items_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/compat/agent-os/api/v1/airlock/items/{item_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An item. */
        get: operations["show_airlock_item_compat_agent_os_api_v1_airlock_items__item_id__get"];
        /** Decide, as the one whose token it is, or say whom it is meant for. */
        put: operations["update_airlock_item_compat_agent_os_api_v1_airlock_items__item_id__put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/compat/agent-os/api/v1/airlock/items/{item_id}/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Decisions and notes, the newest first. */
        get: operations["list_airlock_feedback_compat_agent_os_api_v1_airlock_items__item_id__feedback_get"];
        put?: never;
        /** Write what you think of it, as a note. */
        post: operations["write_airlock_feedback_compat_agent_os_api_v1_airlock_items__item_id__feedback_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/compat/agent-os/api/v1/airlock/items/{item_id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Notes and replies, the oldest first. */
        get: operations["list_airlock_messages_compat_agent_os_api_v1_airlock_items__item_id__messages_get"];
        put?: never;
        /** Write a note. */
        post: operations["write_airlock_message_compat_agent_os_api_v1_airlock_items__item_id__messages_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/compat/agent-os/api/v1/airlock/items/{item_id}/revisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An item and those before it, the newest first. */
        get: operations["list_airlock_revisions_compat_agent_os_api_v1_airlock_items__item_id__revisions_get"];
        put?: never;
        /** Other content in its place, by its author. */
        post: operations["revise_airlock_item_compat_agent_os_api_v1_airlock_items__item_id__revisions_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/compat/agent-os/audit-logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Entries, the oldest first. */
        get: operations["audit_logs_compat_agent_os_audit_logs_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/compat/agent-os/check-compliance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Does this content comply? */
        post: operations["check_compliance_compat_agent_os_check_compliance_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/compat/agent-os/compliance-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same rules. */
        get: operations["compliance_rules_compat_agent_os_compliance_rules_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/compat/agent-os/log-event": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put something on record. */
        post: operations["log_event_compat_agent_os_log_event_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/compat/agent-os/query-logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Look for entries. */
        post: operations["query_logs_compat_agent_os_query_logs_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/compat/agent-os/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The rules. */
        get: operations["rules_compat_agent_os_rules_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/compat/agent-os/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many entries of which kind there are. */
        get: operations["stats_compat_agent_os_stats_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/compat/agent-os/validate-action": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** May this be done? */
        post: operations["validate_action_compat_agent_os_validate_action_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/evidence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a signed pack of a run's evidence. */
        post: operations["pack_v1_airlock_evidence_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Items in one of three orders: what presses and risks most, is due, or is oldest. */
        get: operations["list_items_v1_airlock_items_get"];
        put?: never;
        /** Hold content without a gate. The same key is the same item. */
        post: operations["submit_v1_airlock_items_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/items/{item_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An item: what is held, what the checks say, what was decided. */
        get: operations["show_item_v1_airlock_items__item_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Say whom an item is meant for, and how much it presses. */
        patch: operations["arrange_v1_airlock_items__item_id__patch"];
        trace?: never;
    };
    "/v1/airlock/items/{item_id}/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What changed since you last looked, or since a revision. */
        get: operations["changes_v1_airlock_items__item_id__changes_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/items/{item_id}/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Look at an item: for a while nobody else may decide. Again: renew. */
        put: operations["claim_v1_airlock_items__item_id__claim_put"];
        post?: never;
        /** Let others decide again. */
        delete: operations["release_v1_airlock_items__item_id__claim_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/items/{item_id}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decide. One answer wins; the other gets 409 with who and what. */
        post: operations["decide_v1_airlock_items__item_id__decision_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/items/{item_id}/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was decided on an item, the newest first. */
        get: operations["list_decisions_v1_airlock_items__item_id__decisions_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/items/{item_id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened to an item, the newest first. */
        get: operations["list_history_v1_airlock_items__item_id__history_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/items/{item_id}/hold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keep an item from being released. */
        post: operations["hold_v1_airlock_items__item_id__hold_post"];
        /** Let it be released again. */
        delete: operations["lift_hold_v1_airlock_items__item_id__hold_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/items/{item_id}/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An item's links, the newest first. */
        get: operations["list_links_v1_airlock_items__item_id__links_get"];
        put?: never;
        /** Make a link for somebody without an account. Each call makes another one; its address is shown once. */
        post: operations["make_v1_airlock_items__item_id__links_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/items/{item_id}/links/{link_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a link, at once and for good. */
        delete: operations["revoke_v1_airlock_items__item_id__links__link_id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/items/{item_id}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Notes on this revision and those before it, the oldest first. */
        get: operations["list_notes_v1_airlock_items__item_id__notes_get"];
        put?: never;
        /** Write a note. */
        post: operations["write_v1_airlock_items__item_id__notes_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/items/{item_id}/notes/{note_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Say your own note otherwise. */
        put: operations["edit_v1_airlock_items__item_id__notes__note_id__put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/items/{item_id}/notes/{note_id}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** It is not good yet. */
        post: operations["reopen_v1_airlock_items__item_id__notes__note_id__reopen_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/items/{item_id}/notes/{note_id}/replies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reply to a note. */
        post: operations["reply_v1_airlock_items__item_id__notes__note_id__replies_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/items/{item_id}/notes/{note_id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** It is good now, or was no point. */
        post: operations["resolve_v1_airlock_items__item_id__notes__note_id__resolve_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/items/{item_id}/notes/{note_id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take your own note back; it stays to be read. */
        post: operations["take_back_v1_airlock_items__item_id__notes__note_id__withdraw_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/items/{item_id}/rework": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What asking for changes now would have done again. */
        get: operations["show_rework_v1_airlock_items__item_id__rework_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/items/{item_id}/seen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say that you have looked at what is held. */
        post: operations["saw_v1_airlock_items__item_id__seen_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/items/{item_id}/sound": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How loud the film is that is held, as a whole and from second to second. */
        get: operations["sound_v1_airlock_items__item_id__sound_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/items/{item_id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take an item back: its author, or a service. */
        post: operations["withdraw_v1_airlock_items__item_id__withdraw_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/items/bulk-decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decide many items, each for itself. */
        post: operations["decide_many_v1_airlock_items_bulk_decision_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/kill": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Are all releases stopped, and which are in flight? */
        get: operations["look_at_switch_v1_airlock_kill_get"];
        /** Stop all releases of the tenant. */
        put: operations["throw_switch_v1_airlock_kill_put"];
        post?: never;
        /** Let releases go on. */
        delete: operations["release_switch_v1_airlock_kill_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/kill-all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Are all releases of the installation stopped, and which are in flight? */
        get: operations["look_at_switch_of_all_v1_airlock_kill_all_get"];
        /** Stop all releases of all tenants. When it answers, none begins any more. */
        put: operations["throw_switch_of_all_v1_airlock_kill_all_put"];
        post?: never;
        /** Let all releases go on that their tenants have not stopped. */
        delete: operations["release_switch_of_all_v1_airlock_kill_all_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/reviews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the tenant reviews, by gate. */
        get: operations["list_reviews_v1_airlock_reviews_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/reviews/{gate}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The versions for one gate, the newest first. */
        get: operations["list_versions_v1_airlock_reviews__gate__get"];
        /** Say how a gate is reviewed where its workflow says nothing. */
        put: operations["define_v1_airlock_reviews__gate__put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/stand-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Say who decides where a review names you. Again: replace. */
        put: operations["appoint_stand_in_v1_airlock_stand_in_put"];
        post?: never;
        /** Nobody decides in your place any more. */
        delete: operations["end_stand_in_v1_airlock_stand_in_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/stand-ins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who stands in for whom now: at most 200, the soonest over first. */
        get: operations["list_stand_ins_v1_airlock_stand_ins_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/stand-ins/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Say who decides where a review names somebody. Again: replace. */
        put: operations["appoint_for_somebody_v1_airlock_stand_ins__user_id__put"];
        post?: never;
        /** Nobody decides in their place any more. */
        delete: operations["end_for_somebody_v1_airlock_stand_ins__user_id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How full the airlock is. */
        get: operations["stats_v1_airlock_stats_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airlock/waiting": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How long gates waited for people that were decided in the last days. */
        get: operations["waiting_v1_airlock_waiting_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Entries in order of the chain.
         * @description From the oldest on, or from the newest back; a cursor goes on in the order it came with.
         */
        get: operations["list_entries_v1_audit_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/activity/{actor}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What one person did, counted by action. */
        get: operations["activity_v1_audit_activity__actor__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/anchors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Signed anchors, the oldest first; keep them elsewhere. */
        get: operations["list_kept_v1_audit_anchors_get"];
        put?: never;
        /** Sign the chain's head now. */
        post: operations["anchor_now_v1_audit_anchors_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/archives": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Files of entries that are not searched any more, the newest first. */
        get: operations["list_archives_v1_audit_archives_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/erasures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Orders to forget, the newest first. */
        get: operations["list_erasures_v1_audit_erasures_get"];
        put?: never;
        /** Forget a person. The same again is the same order. */
        post: operations["order_erasure_v1_audit_erasures_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/erasures/{erasure_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far an order is. */
        get: operations["show_erasure_v1_audit_erasures__erasure_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All entries that are wanted, as one stream. */
        get: operations["export_v1_audit_export_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Legal holds, the newest first. */
        get: operations["list_holds_v1_audit_holds_get"];
        put?: never;
        /** Keep a run, a person or all of it. */
        post: operations["set_hold_v1_audit_holds_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/holds/{hold_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Lift a hold. Again changes nothing. */
        delete: operations["lift_hold_v1_audit_holds__hold_id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The public keys that anchors are signed with. */
        get: operations["list_keys_v1_audit_keys_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/reports/{kind}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A report of a period, computed now. */
        get: operations["report_v1_audit_reports__kind__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Recompute the chain. */
        get: operations["verify_chain_v1_audit_verify_get"];
        put?: never;
        /** Recompute the chain, and hold it against kept anchors. */
        post: operations["verify_against_v1_audit_verify_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/permits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask to release exactly this. The same again gets the same permit. */
        post: operations["grant_v1_permits_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/permits/{permit_id}/finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say how the release went. Saying it again changes nothing. */
        post: operations["finish_v1_permits__permit_id__finish_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/permits/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Would a permit be granted for exactly this? None is. */
        post: operations["check_v1_permits_check_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The policy in force, and every pack there is. */
        get: operations["show_v1_policies_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/{pack}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A pack: its rules, its versions, and who put it in force when. */
        get: operations["show_pack_v1_policies__pack__get"];
        /** Keep this text as the pack's newest version. The same text again changes nothing. */
        put: operations["put_v1_policies__pack__put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/{pack}/activate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put it in force: what was approved is looked at again at once. */
        post: operations["activate_v1_policies__pack__activate_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/{pack}/deactivate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take it out of force; what keeps everybody safe stays. */
        post: operations["deactivate_v1_policies__pack__deactivate_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/{pack}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add a version; one that is there already is a 409. */
        post: operations["add_version_v1_policies__pack__versions_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/{pack}/versions/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One version of a tenant's pack, with its YAML. */
        get: operations["show_version_v1_policies__pack__versions__number__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** May a vendor be given this prompt? What blocks is a 400. */
        post: operations["check_v1_policies_check_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/kits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which brand kits wear this logo? */
        get: operations["kits_v1_policies_kits_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try a draft on content and on the past. Changes nothing. */
        post: operations["test_v1_policies_test_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Accepts
         * @description A condition on held content: without it an approval does not count.
         */
        Accepts: {
            /**
             * Otherwise
             * @description A sentence for the reviewer when it does not hold.
             */
            otherwise: string;
            /**
             * When
             * @description CEL over the name `content`: what would be approved, edits included. `characters(text)` counts Unicode characters, `size(text)` UTF-8 bytes.
             */
            when: string;
        };
        /**
         * ActivateBody
         * @description Which version; the newest when nothing is said.
         */
        ActivateBody: {
            /** Number */
            number?: number | null;
        };
        /**
         * ActiveView
         * @description The policy in force after a change.
         */
        ActiveView: {
            /** Packs */
            packs: string[];
            /** Version */
            version: string;
        };
        /**
         * ActivityView
         * @description How much of what one person did.
         */
        ActivityView: {
            /** Actions */
            actions: {
                [key: string]: number;
            };
            /** Actor */
            actor: string;
            /** Entries */
            entries: number;
            /** First At */
            first_at: string | null;
            /** Last At */
            last_at: string | null;
        };
        /**
         * Added
         * @description A note that was written.
         */
        Added: {
            /** Feedback Id */
            feedback_id?: string | null;
            /** Message Id */
            message_id?: string | null;
            /**
             * Status
             * @default added
             */
            status: string;
        };
        /**
         * AnchorView
         * @description A signed place of the chain; docs/audit.md says how to check it.
         */
        AnchorView: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Hash */
            hash: string;
            /** Kid */
            kid: string;
            /** Seq */
            seq: number;
            /** Signature */
            signature: string;
            /** Tenant */
            tenant: string;
        };
        /**
         * ArchiveView
         * @description A file of entries that were blanked here; its signature is over the 32 bytes of its hash.
         */
        ArchiveView: {
            /**
             * Archived At
             * Format: date-time
             */
            archived_at: string;
            /**
             * Delete After
             * Format: date-time
             */
            delete_after: string;
            /** Deleted At */
            deleted_at: string | null;
            /** Entries */
            entries: number;
            /** First Seq */
            first_seq: number;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Kid */
            kid: string;
            /** Last Seq */
            last_seq: number;
            /** Retention Class */
            retention_class: string;
            /** Sha256 */
            sha256: string;
            /** Signature */
            signature: string;
            /** Size */
            size: number;
        };
        /**
         * ArrangeBody
         * @description Whom an item is meant for and how much it presses. What is left out stays as it is.
         */
        ArrangeBody: {
            /**
             * Assigned To
             * @description A user id; an empty text: nobody.
             */
            assigned_to?: string | null;
            priority?: components["schemas"]["Priority"] | null;
        };
        /**
         * ArtifactRef
         * @description The address of bytes: their hash is their name, so a reference can never point at something else.
         */
        ArtifactRef: {
            /** Media Type */
            media_type: string;
            /** Sha256 */
            sha256: string;
            /**
             * Size
             * @description Bytes.
             */
            size: number;
        };
        /**
         * AuditView
         * @description An entry as it was chained. `entry` is null when it was blanked.
         */
        AuditView: {
            /** Entry */
            entry: {
                [key: string]: unknown;
            } | null;
            /** Entry Sha256 */
            entry_sha256: string;
            /** Hash */
            hash: string;
            /**
             * Recorded At
             * Format: date-time
             */
            recorded_at: string;
            /** Seq */
            seq: number;
        };
        /**
         * BulkBody
         * @description One decision about many items, each named with what was seen of it.
         */
        BulkBody: {
            /**
             * Comment
             * @default
             */
            comment: string;
            decision: components["schemas"]["Decision"];
            /** Items */
            items: components["schemas"]["Seen"][];
        };
        /**
         * BulkResult
         * @description What became of each, in the order asked for.
         */
        BulkResult: {
            /** Decided */
            decided: number;
            /** Items */
            items: components["schemas"]["BulkView"][];
            /** Refused */
            refused: number;
        };
        /**
         * BulkView
         * @description What became of one item: one of the two is there.
         */
        BulkView: {
            decided: components["schemas"]["Decided"] | null;
            /**
             * Item Id
             * Format: uuid
             */
            item_id: string;
            refused: components["schemas"]["Refusal"] | null;
        };
        /**
         * ChainOrder
         * @description From which end of the chain a list begins.
         * @enum {string}
         */
        ChainOrder: "oldest" | "newest";
        /**
         * Change
         * @description One difference between two contents.
         */
        Change: {
            /** After */
            after?: unknown;
            /** Before */
            before?: unknown;
            /** @default changed */
            kind: components["schemas"]["ChangeKind"];
            /**
             * Path
             * @description JSON pointer, such as `/hashtags/1`.
             */
            path: string;
        };
        /**
         * ChangeKind
         * @description What became of a value.
         * @enum {string}
         */
        ChangeKind: "added" | "removed" | "changed";
        /**
         * ChangesView
         * @description What changed. `since` is null when you have never looked: then everything is new and nothing is listed.
         */
        ChangesView: {
            cost: components["schemas"]["CostView"];
            /**
             * Files
             * @description Members whose bytes are others.
             */
            files: string[];
            /** Hashtags Added */
            hashtags_added: string[];
            /** Hashtags Removed */
            hashtags_removed: string[];
            now: components["schemas"]["compliance__api__note_shapes__VersionView"];
            /** Post */
            post: components["schemas"]["TextChangeView"][];
            /** Same */
            same: boolean;
            /** Scenes */
            scenes: components["schemas"]["SceneChangeView"][];
            /** Settings */
            settings: components["schemas"]["Change"][];
            since: components["schemas"]["compliance__api__note_shapes__VersionView"] | null;
            sound: components["schemas"]["SoundView"] | null;
            sound_before: components["schemas"]["SoundView"] | null;
            /** Unchanged Scenes */
            unchanged_scenes: number;
            /** Words */
            words: components["schemas"]["TextChangeView"][];
        };
        /**
         * ChangeView
         * @description Who put the pack in force or out of it.
         */
        ChangeView: {
            action: components["schemas"]["PolicyAction"];
            /**
             * Made At
             * Format: date-time
             */
            made_at: string;
            /** Made By */
            made_by: string;
            /** Number */
            number: number | null;
            /** Policy Version */
            policy_version: string;
        };
        /**
         * ClaimBody
         * @description Whether to take over what somebody else has claimed, which only administrators may.
         */
        ClaimBody: {
            /**
             * Take Over
             * @default false
             */
            take_over: boolean;
        };
        /**
         * ClaimView
         * @description Who is looking at the item, and until when nobody else may decide.
         */
        ClaimView: {
            /** By */
            by: string;
            /**
             * Until
             * Format: date-time
             */
            until: string;
        };
        /**
         * CompatRule
         * @description One rule that clients know, and which of ours stand behind it.
         */
        CompatRule: {
            /** Checks */
            checks: string[];
            /** Description */
            description: string;
            /** Enabled */
            enabled: boolean;
            /** Name */
            name: string;
            /**
             * Rule Id
             * @enum {string}
             */
            rule_id: "external_post_approval" | "brand_guidelines" | "content_policy" | "data_privacy" | "regulatory_compliance";
            /** Threshold */
            threshold?: number | null;
        };
        /**
         * CompatRules
         * @description All of them.
         */
        CompatRules: {
            /** Policy Version */
            policy_version: string;
            /** Rules */
            rules: components["schemas"]["CompatRule"][];
        };
        /**
         * VersionView
         * @description One state of what is held; `at` is when it was opened or looked at.
         */
        compliance__api__note_shapes__VersionView: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * Item Id
             * Format: uuid
             */
            item_id: string;
            /** Manifest Sha256 */
            manifest_sha256: string;
            /** Revision */
            revision: number;
        };
        /**
         * VersionView
         * @description One version of a tenant's pack.
         */
        compliance__api__policy_shapes__VersionView: {
            /** Description */
            description: string;
            /**
             * Made At
             * Format: date-time
             */
            made_at: string;
            /** Made By */
            made_by: string;
            /** Number */
            number: number;
            /** Rules */
            rules: number;
            /** Sha256 */
            sha256: string;
            /** Version */
            version: string;
        };
        /**
         * ContentType
         * @description What kind of thing is held.
         * @enum {string}
         */
        ContentType: "ideas" | "script" | "image" | "cut" | "post" | "campaign";
        /**
         * CostView
         * @description What the run had cost then, and has now; null where nobody said.
         */
        CostView: {
            /** Added Usd Micros */
            added_usd_micros: number | null;
            /** Before Usd Micros */
            before_usd_micros: number | null;
            /** Now Usd Micros */
            now_usd_micros: number | null;
        };
        /**
         * DashboardView
         * @description How full the airlock is.
         */
        DashboardView: {
            /** By Content Type */
            by_content_type: {
                [key: string]: number;
            };
            /** By Priority */
            by_priority: {
                [key: string]: number;
            };
            /** By Status */
            by_status: {
                [key: string]: number;
            };
            /** Overdue Count */
            overdue_count: number;
        };
        /**
         * DayWait
         * @description The same for what was decided on one day (UTC).
         */
        DayWait: {
            /**
             * Day
             * Format: date
             */
            day: string;
            /** Decided */
            decided: number;
            /** Median Ms */
            median_ms: number;
        };
        /**
         * Decided
         * @description A decision that counts. With `closes` the item is decided; else it is one of the voices that are needed.
         */
        Decided: {
            /**
             * Closes
             * @default true
             */
            closes: boolean;
            /**
             * Decided At
             * Format: date-time
             */
            decided_at: string;
            /** Decided By */
            decided_by: string;
            decision: components["schemas"]["Decision"];
            /**
             * Item Id
             * Format: uuid
             */
            item_id: string;
            /** Manifest Sha256 */
            manifest_sha256: string;
            /**
             * Missing
             * @description How many more have to approve at that stage.
             * @default 0
             */
            missing: number;
            /**
             * Stage
             * @description The stage the item is at, when it is still open.
             */
            stage?: string | null;
            status: components["schemas"]["ItemStatus"];
        };
        /**
         * Decision
         * @description What a person said at a gate.
         * @enum {string}
         */
        Decision: "approved" | "changes_requested" | "rejected";
        /**
         * DecisionBody
         * @description What a reviewer says about an item. Who says it is in the token, nowhere else.
         */
        DecisionBody: {
            /**
             * Accepts Downgrades
             * @description With an approval: the codes of all that the run fell back to, as the item lists them.
             * @default []
             */
            accepts_downgrades: string[];
            /**
             * Comment
             * @description Needed where the gate wants a reason: by default unless it is approved.
             * @default
             */
            comment: string;
            /**
             * Data
             * @description Edit and approve: an RFC 7396 merge patch on the content, checked again first.
             */
            data?: {
                [key: string]: unknown;
            } | null;
            decision: components["schemas"]["Decision"];
            /**
             * Manifest Sha256
             * @description The hash of what was looked at; if the content is another by now, this is a 409.
             */
            manifest_sha256?: string | null;
        };
        /**
         * DecisionView
         * @description One decision on an item.
         */
        DecisionView: {
            /**
             * Accepted Downgrades
             * @description Codes of what the run had fallen back to.
             */
            accepted_downgrades: string[];
            /**
             * Closes
             * @description False: others had to agree.
             */
            closes: boolean;
            /** Comment */
            comment: string;
            /**
             * Decided At
             * Format: date-time
             */
            decided_at: string;
            /** Decided By */
            decided_by: string;
            decision: components["schemas"]["Decision"];
            /** Edit */
            edit: {
                [key: string]: unknown;
            } | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * In Place Of
             * @description Whose voice it is, where somebody stood in for them.
             */
            in_place_of: string | null;
            /** Manifest Sha256 */
            manifest_sha256: string;
            /** Policy Version */
            policy_version: string;
            /** Round */
            round: number;
            /** Sha256 Before */
            sha256_before: string;
            /**
             * Stage
             * @description The stage the voice counts for; null where it counts for none.
             */
            stage: string | null;
        };
        /**
         * Downgrade
         * @description A typed, visible fallback. A run that carries one is `degraded`.
         */
        Downgrade: {
            /** Code */
            code: string;
            /** Detail */
            detail: string;
            /** Stage */
            stage: string;
        };
        /**
         * DraftBody
         * @description A draft to try: on its own tests, on given content, and on the tenant's items of the last days.
         */
        DraftBody: {
            /** Content */
            content?: {
                [key: string]: unknown;
            } | null;
            /** Past Days */
            past_days?: number | null;
            /** Source */
            source: string;
        };
        /**
         * DraftView
         * @description What a draft would do. Nothing was changed.
         */
        DraftView: {
            /** Failed Tests */
            failed_tests: string[];
            /** Pack */
            pack: string;
            past: components["schemas"]["PastView"] | null;
            /**
             * Policy Version
             * @description What the policy would be called with it.
             */
            policy_version: string;
            /** Untested */
            untested: string[];
            verdict: components["schemas"]["Verdict"] | null;
            /** Version */
            version: string;
        };
        /**
         * EconomicsView
         * @description What the item has cost, what saying no would cost, and how items like it went. Null: nobody knows.
         */
        EconomicsView: {
            /** Lost If Rejected Usd */
            lost_if_rejected_usd: number | string | null;
            /** Redone If Changed Usd */
            redone_if_changed_usd: number | string | null;
            /**
             * Risks
             * @description The three worst findings, with their evidence.
             */
            risks: components["schemas"]["Finding"][];
            /**
             * Similar Approval Rate
             * @description The share of them that was approved.
             */
            similar_approval_rate: number | null;
            /**
             * Similar Decided
             * @description Decided items of this gate and kind with a like risk.
             */
            similar_decided: number | null;
            /** Spent Usd */
            spent_usd: number | string | null;
        };
        /**
         * ErasureBody
         * @description Whom to forget, and why.
         */
        ErasureBody: {
            /**
             * Reason
             * @default
             */
            reason: string;
            /** User Id */
            user_id: string;
        };
        /**
         * ErasureView
         * @description An order to forget somebody. `answers` and `under_way` are only where one order is asked for.
         */
        ErasureView: {
            /**
             * Answers
             * @description What each service has blanked.
             */
            answers?: {
                [key: string]: {
                    [key: string]: unknown;
                };
            };
            /** Blanked */
            blanked: number;
            /**
             * Finished At
             * @description Since when only items under way name them.
             */
            finished_at: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Ordered At
             * Format: date-time
             */
            ordered_at: string;
            /** Ordered By */
            ordered_by: string;
            /** Reason */
            reason: string;
            /**
             * Under Way
             * @description Items that name them until they are over, at most a hundred.
             */
            under_way?: string[];
            /**
             * User Id
             * @description Forgotten, too, once nothing under way names them any more.
             */
            user_id: string | null;
        };
        /**
         * Escalation
         * @description Whom to call when nobody has decided for so long; from then on they may decide, too.
         */
        Escalation: {
            /** After Ms */
            after_ms: number;
            /**
             * To
             * @description Roles or user ids.
             */
            to: string[];
        };
        /**
         * EventBody
         * @description Something that a client wants on record.
         *
         *     Another `user_id` than the token's, and any `agent_id`, is kept as what was claimed.
         */
        EventBody: {
            /**
             * Action
             * @default
             */
            action: string;
            /** Agent Id */
            agent_id?: string | null;
            /** Details */
            details?: {
                [key: string]: unknown;
            };
            /** Event Type */
            event_type: string;
            /**
             * Resource
             * @default
             */
            resource: string;
            /**
             * Severity
             * @default info
             */
            severity: string;
            /** User Id */
            user_id?: string | null;
        };
        /**
         * EventView
         * @description One line of an item's history.
         */
        EventView: {
            /** Actor */
            actor: string;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Note */
            note: string;
            /** What */
            what: string;
        };
        /**
         * EvidenceOrder
         * @description Make a pack of what `record` holds. `full`: with the bytes of every artifact, not only of what was decided on.
         */
        EvidenceOrder: {
            /**
             * Full
             * @default false
             */
            full: boolean;
            record: components["schemas"]["ArtifactRef"];
            /** Requested By */
            requested_by: string;
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
        };
        /**
         * FeedbackBody
         * @description What somebody thinks of an item. Approving and rejecting is deciding: that is a `status`.
         */
        FeedbackBody: {
            /** Feedback Data */
            feedback_data: {
                [key: string]: string | number | boolean;
            };
            /**
             * Feedback Type
             * @enum {string}
             */
            feedback_type: "suggestion" | "rating" | "comment";
        };
        /**
         * FeedbackView
         * @description A decision, or a note.
         */
        FeedbackView: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Feedback Data */
            feedback_data: {
                [key: string]: unknown;
            };
            /** Feedback Type */
            feedback_type: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Provided By */
            provided_by: string;
        };
        /**
         * Finding
         * @description One rule that fired, with the evidence it cites.
         */
        Finding: {
            /**
             * At Seconds
             * @description Where in a film or a sound it was seen or heard.
             */
            at_seconds?: number | null;
            /**
             * Confidence
             * @description Missing where a rule is certain.
             */
            confidence?: number | null;
            /**
             * Frame
             * @description Number of the picture in a film, from 0.
             */
            frame?: number | null;
            /** Message */
            message: string;
            /**
             * Quote
             * @default
             */
            quote: string;
            region?: components["schemas"]["Region"] | null;
            /**
             * Remedy
             * @default
             */
            remedy: string;
            /** Rule */
            rule: string;
            /** Severity */
            severity: string;
            /**
             * Where
             * @description Path into the content, such as `/ideas/0/hook`.
             */
            where: string;
        };
        /**
         * FinishBody
         * @description How the release went.
         */
        FinishBody: {
            /** Detail */
            detail?: string | null;
            outcome: components["schemas"]["ReleaseOutcome"];
        };
        /**
         * Form
         * @description As what something is taken away.
         * @enum {string}
         */
        Form: "json" | "ndjson" | "csv";
        /**
         * GapView
         * @description Numbers of a source that no entry carries.
         */
        GapView: {
            /** First */
            first: number;
            /** Last */
            last: number;
            /** Source */
            source: string;
        };
        /**
         * GateWait
         * @description How long one gate waited for people, from its opening to the decision that closed it.
         */
        GateWait: {
            /** Decided */
            decided: number;
            /** Gate */
            gate: string;
            /** Longest Ms */
            longest_ms: number | null;
            /**
             * Median Ms
             * @description Null where nobody decided anything.
             */
            median_ms: number | null;
            /**
             * Ninth Ms
             * @description Nine of ten were decided sooner.
             */
            ninth_ms: number | null;
            /** Oldest Open At */
            oldest_open_at: string | null;
            /**
             * Open
             * @description Waiting now, whenever it was opened.
             */
            open: number;
        };
        /**
         * Grant
         * @description What a link lets its holder do.
         * @enum {string}
         */
        Grant: "look" | "note" | "hold" | "decide";
        /**
         * Hold
         * @description Who keeps the item from being released, since when and why.
         */
        Hold: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** By */
            by: string;
            /** Reason */
            reason: string;
        };
        /**
         * HoldBody
         * @description What to hold, and why. For the tenant no subject is needed.
         */
        HoldBody: {
            kind: components["schemas"]["HoldKind"];
            /** Reason */
            reason: string;
            /**
             * Subject
             * @default
             */
            subject: string;
        };
        /**
         * HoldKind
         * @description What a legal hold is on.
         * @enum {string}
         */
        HoldKind: "run" | "user" | "tenant";
        /**
         * HoldView
         * @description A legal hold.
         */
        HoldView: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            kind: components["schemas"]["HoldKind"];
            /** Lifted At */
            lifted_at: string | null;
            /** Lifted By */
            lifted_by: string | null;
            /** Reason */
            reason: string;
            /**
             * Set At
             * Format: date-time
             */
            set_at: string;
            /** Set By */
            set_by: string;
            /** Subject */
            subject: string;
        };
        /** HTTPValidationError */
        HTTPValidationError: {
            /** Detail */
            detail?: components["schemas"]["ValidationError"][];
        };
        /**
         * InFlightView
         * @description A release that has begun and is not finished.
         */
        InFlightView: {
            /**
             * Item Id
             * Format: uuid
             */
            item_id: string;
            /**
             * Since
             * Format: date-time
             */
            since: string;
            /** Tenant */
            tenant: string;
        };
        /**
         * ItemBody
         * @description Something to hold. The same service and id from the same person is the same item.
         */
        ItemBody: {
            /** Assigned Reviewer Id */
            assigned_reviewer_id?: string | null;
            /** Content */
            content: {
                [key: string]: unknown;
            };
            /** Content Type */
            content_type: string;
            /**
             * Description
             * @default
             */
            description: string;
            /** Metadata */
            metadata?: {
                [key: string]: unknown;
            };
            /** @default medium */
            priority: components["schemas"]["Priority"];
            /** Review Deadline */
            review_deadline?: string | null;
            /** Source Id */
            source_id: string;
            /**
             * Source Service
             * @description By this name the tenant may define how such items are reviewed.
             */
            source_service: string;
            /** Title */
            title: string;
        };
        /**
         * ItemDetail
         * @description Everything a reviewer needs to decide.
         */
        ItemDetail: {
            /**
             * Changes
             * @description What is other than in that one.
             */
            changes: components["schemas"]["Change"][];
            /** Content */
            content: {
                [key: string]: unknown;
            };
            /**
             * Decisions
             * @description The last ones, the oldest of them first.
             */
            decisions: components["schemas"]["DecisionView"][];
            /** Downgrades */
            downgrades: components["schemas"]["Downgrade"][];
            /**
             * Earlier Decisions
             * @description Cursor for those before, at `…/decisions`; null: that is all.
             */
            earlier_decisions: string | null;
            /**
             * Earlier History
             * @description Cursor for what was before, at `…/history`; null: that is all.
             */
            earlier_history: string | null;
            economics: components["schemas"]["EconomicsView"];
            /**
             * History
             * @description The last of it, the oldest first.
             */
            history: components["schemas"]["EventView"][];
            item: components["schemas"]["ItemSummary"];
            /** Note */
            note: string;
            /** Policy Version */
            policy_version: string;
            review: components["schemas"]["Review"];
            /**
             * Review Version
             * @description Of the tenant's definition, where that was used.
             */
            review_version: number | null;
            /**
             * Supersedes
             * @description The item of this gate before.
             */
            supersedes: string | null;
            /**
             * Takes Changes
             * @description Whether changes can be asked for: false where the run has no way back.
             */
            takes_changes: boolean;
            verdict: components["schemas"]["Verdict"];
        };
        /**
         * ItemStatus
         * @description Where an item stands. A hold is a flag beside it.
         * @enum {string}
         */
        ItemStatus: "open" | "approved" | "changes_requested" | "rejected" | "expired" | "withdrawn" | "releasing" | "released" | "release_failed";
        /**
         * ItemSummary
         * @description An item in a list.
         */
        ItemSummary: {
            /** Age Ms */
            age_ms: number;
            /** Assigned To */
            assigned_to: string | null;
            claim: components["schemas"]["ClaimView"] | null;
            content_type: components["schemas"]["ContentType"] | null;
            /** Decided At */
            decided_at: string | null;
            /** Decided By */
            decided_by: string | null;
            decision: components["schemas"]["Decision"] | null;
            /**
             * Due At
             * Format: date-time
             */
            due_at: string;
            /** Escalated */
            escalated: boolean;
            /** Findings */
            findings: number;
            /** Gate */
            gate: string;
            /**
             * Heat
             * @description Per cent of the time until `due_at` that is over; 0 when it is decided.
             */
            heat: number;
            hold: components["schemas"]["Hold"] | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Manifest Sha256 */
            manifest_sha256: string;
            /**
             * Opened At
             * Format: date-time
             */
            opened_at: string;
            /**
             * Overdue
             * @description Nobody decided by `due_at`.
             */
            overdue: boolean;
            priority: components["schemas"]["Priority"];
            /** Remind At */
            remind_at: string | null;
            /**
             * Reminded
             * @description Those who may decide were told that they should.
             */
            reminded: boolean;
            /** Requested By */
            requested_by: string;
            /** Reviewers */
            reviewers: string[];
            /**
             * Revision
             * @description The how-manieth of this gate in its run, from 1.
             */
            revision: number;
            /**
             * Risk
             * @description 0 to 100.
             */
            risk: number;
            /** Run Id */
            run_id: string | null;
            stage: components["schemas"]["StageView"];
            status: components["schemas"]["ItemStatus"];
            /** Timeout At */
            timeout_at: string | null;
            /** Title */
            title: string;
            verdict: components["schemas"]["VerdictLevel"];
        };
        /**
         * ItemUpdate
         * @description A decision by whoever's token it is, or whom the item is meant for. New content is a revision.
         */
        ItemUpdate: {
            /**
             * Accepts Downgrades
             * @description With an approval: the codes of all that the run fell back to, as the item lists them.
             * @default []
             */
            accepts_downgrades: string[];
            /** Assigned Reviewer Id */
            assigned_reviewer_id?: string | null;
            /**
             * Comment
             * @description Why: by default needed unless it is approved.
             * @default
             */
            comment: string;
            /**
             * Manifest Sha256
             * @description The hash of what was looked at.
             */
            manifest_sha256?: string | null;
            /** Status */
            status?: ("approved" | "rejected" | "requires_changes") | null;
        };
        /**
         * ItemView
         * @description An item in the shape that clients know.
         */
        ItemView: {
            /** Assigned Reviewer Id */
            assigned_reviewer_id: string | null;
            /** Content */
            content: {
                [key: string]: unknown;
            };
            /** Content Type */
            content_type: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Created By Agent Id
             * @description Who asked for it; they may not decide.
             */
            created_by_agent_id: string;
            /** Description */
            description: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Latest Revision */
            latest_revision: number;
            /** Manifest Sha256 */
            manifest_sha256: string;
            /** Metadata */
            metadata: {
                [key: string]: unknown;
            };
            priority: components["schemas"]["Priority"];
            /**
             * Review Deadline
             * Format: date-time
             */
            review_deadline: string;
            /** Reviewed At */
            reviewed_at: string | null;
            /** Reviewed By */
            reviewed_by: string | null;
            /**
             * Revision Count
             * @description How many there were before.
             */
            revision_count: number;
            /** Source Id */
            source_id: string;
            /** Source Service */
            source_service: string;
            status: components["schemas"]["Status"];
            /** Title */
            title: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * KeptAnchors
         * @description Anchors that somebody kept outside of the installation.
         */
        KeptAnchors: {
            /** Anchors */
            anchors: components["schemas"]["AnchorView"][];
        };
        /**
         * KeysView
         * @description The public keys that anchors, archives, exports and evidence are signed with, as a JWK set (RFC 8037).
         */
        KeysView: {
            /** Keys */
            keys: {
                [key: string]: string;
            }[];
        };
        /**
         * KitsView
         * @description Brand kits by the names of their packs.
         */
        KitsView: {
            /** Kits */
            kits: string[];
        };
        /**
         * LinkBody
         * @description For whom the link is, and what they may do.
         */
        LinkBody: {
            /**
             * Expires In
             * @description Seconds.
             * @default 604800
             */
            expires_in: number;
            /**
             * May
             * @description They may look in any case. `decide` needs a stage of the review with `external` in its reviewers.
             * @default [
             *       "look"
             *     ]
             */
            may: components["schemas"]["Grant"][];
            /**
             * Person
             * @description A name or an address. It is on every picture of the film that they see.
             */
            person: string;
            /**
             * Uses
             * @description How many browsers may open it.
             * @default 5
             */
            uses: number;
        };
        /**
         * LinkView
         * @description A link, without what makes it work.
         */
        LinkView: {
            /**
             * Actor
             * @description How the person is called in decisions, notes and the audit trail.
             */
            actor: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Item Id
             * Format: uuid
             */
            item_id: string;
            /** Last Used At */
            last_used_at: string | null;
            /** May */
            may: components["schemas"]["Grant"][];
            /** Person */
            person: string;
            /** Revoked At */
            revoked_at: string | null;
            /** Revoked By */
            revoked_by: string | null;
            /** Used */
            used: number;
            /** Uses */
            uses: number;
            /**
             * Works
             * @description Whether it can be opened now.
             */
            works: boolean;
        };
        /**
         * LoggedView
         * @description What was put on record.
         */
        LoggedView: {
            /**
             * Event Id
             * @description Its number in the chain.
             */
            event_id: number;
            /** Hash */
            hash: string;
            /**
             * Success
             * @default true
             */
            success: boolean;
        };
        /**
         * LogQuery
         * @description What to look for.
         */
        LogQuery: {
            /**
             * Cursor
             * @description `next_cursor` of the page before.
             */
            cursor?: string | null;
            /** End Date */
            end_date?: string | null;
            /** Event Type */
            event_type?: string | null;
            /**
             * Limit
             * @default 100
             */
            limit: number;
            /** Start Date */
            start_date?: string | null;
            /** User Id */
            user_id?: string | null;
        };
        /**
         * LogsView
         * @description A page of entries, the oldest first.
         */
        LogsView: {
            /** Logs */
            logs: components["schemas"]["LogView"][];
            /**
             * Next Cursor
             * @description For the next page; null when this is the last.
             */
            next_cursor: string | null;
            /**
             * Total
             * @description How many there are on all pages.
             */
            total: number;
        };
        /**
         * LogView
         * @description An entry in the shape that clients know.
         */
        LogView: {
            /** Details */
            details: {
                [key: string]: unknown;
            };
            /** Event Type */
            event_type: string;
            /** Hash */
            hash: string;
            /** Id */
            id: number;
            /** Resource */
            resource: string;
            /** Result */
            result: string;
            /**
             * Timestamp
             * Format: date-time
             */
            timestamp: string;
            /** User Id */
            user_id: string;
        };
        /**
         * LookView
         * @description What you looked at.
         */
        LookView: {
            /**
             * Item Id
             * Format: uuid
             */
            item_id: string;
            /** Manifest Sha256 */
            manifest_sha256: string;
            /**
             * Seen At
             * Format: date-time
             */
            seen_at: string;
        };
        /**
         * Made
         * @description An item that is held.
         */
        Made: {
            /**
             * Item Id
             * Format: uuid
             */
            item_id: string;
            /**
             * Status
             * @default created
             */
            status: string;
        };
        /**
         * MadeRevision
         * @description Another item in the place of the first.
         */
        MadeRevision: {
            /**
             * Revision Id
             * Format: uuid
             */
            revision_id: string;
            /**
             * Status
             * @default created
             */
            status: string;
        };
        /**
         * MessageBody
         * @description A word on an item. Who says it is in the token; `sender_type` and `sender_id` are not looked at.
         */
        MessageBody: {
            /** Content */
            content: string;
            /**
             * Message Type
             * @default text
             * @enum {string}
             */
            message_type: "text" | "feedback" | "suggestion";
            /**
             * Metadata
             * @description Notes keep none: leave it empty.
             */
            metadata?: {
                [key: string]: unknown;
            };
        };
        /**
         * MessageView
         * @description A note or a reply.
         */
        MessageView: {
            /** Content */
            content: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Message Type
             * @default text
             * @constant
             */
            message_type: "text";
            /** Metadata */
            metadata?: {
                [key: string]: unknown;
            };
            /** Sender Id */
            sender_id: string;
            /**
             * Sender Type
             * @default human
             * @constant
             */
            sender_type: "human";
        };
        /**
         * NewLink
         * @description A link that was just made. Its address is shown this once and kept nowhere.
         */
        NewLink: {
            link: components["schemas"]["LinkView"];
            /** Url */
            url: string;
        };
        /**
         * NoteBody
         * @description A note. It may point at a frame or a range of frames, a region of the picture, or a member of the content.
         */
        NoteBody: {
            /** At Ms */
            at_ms?: number | null;
            /**
             * End Frame
             * @description The last frame of a range, itself included.
             */
            end_frame?: number | null;
            /** End Ms */
            end_ms?: number | null;
            /** End Timecode */
            end_timecode?: string | null;
            /**
             * Frame
             * @description Counted from 0; or use `at_ms` or `timecode`.
             */
            frame?: number | null;
            /**
             * Path
             * @description JSON pointer, such as `/narration/1`.
             */
            path?: string | null;
            /**
             * Rate
             * @description The rate you counted in; refused when it is not the film's.
             */
            rate?: string | null;
            region?: components["schemas"]["Region"] | null;
            /** @description Whose work it is; guessed when you do not say. */
            stage?: components["schemas"]["ReworkStage"] | null;
            /** Text */
            text: string;
            /** Timecode */
            timecode?: string | null;
        };
        /**
         * NoteEdit
         * @description The note as it is to be, whole.
         */
        NoteEdit: {
            /** At Ms */
            at_ms?: number | null;
            /**
             * End Frame
             * @description The last frame of a range, itself included.
             */
            end_frame?: number | null;
            /** End Ms */
            end_ms?: number | null;
            /** End Timecode */
            end_timecode?: string | null;
            /**
             * Frame
             * @description Counted from 0; or use `at_ms` or `timecode`.
             */
            frame?: number | null;
            /**
             * Path
             * @description JSON pointer, such as `/narration/1`.
             */
            path?: string | null;
            /**
             * Rate
             * @description The rate you counted in; refused when it is not the film's.
             */
            rate?: string | null;
            region?: components["schemas"]["Region"] | null;
            /** @description Whose work it is; guessed when you do not say. */
            stage?: components["schemas"]["ReworkStage"] | null;
            /** Text */
            text: string;
            /** Timecode */
            timecode?: string | null;
            /**
             * Version
             * @description The version you saw; if it is another, this is a 409.
             */
            version?: number | null;
        };
        /**
         * NoteState
         * @description What became of a note. `addressed`: it was done again, and a person has yet to say that it is good; `withdrawn`:
         *     who wrote it takes it back.
         * @enum {string}
         */
        NoteState: "open" | "requested" | "addressed" | "resolved" | "withdrawn";
        /**
         * NoteView
         * @description A note with its thread, where it points, whose work it is, and what became of it.
         */
        NoteView: {
            /**
             * Answer
             * @description What the last rework says about it.
             */
            answer: string;
            /** Author */
            author: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Earlier
             * @description What it said before, the oldest first.
             */
            earlier: string[];
            /** Edited At */
            edited_at: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Item Id
             * Format: uuid
             * @description The revision it was written on.
             */
            item_id: string;
            /** Mentions */
            mentions: string[];
            /** Path */
            path: string | null;
            region: components["schemas"]["Region"] | null;
            /** Replies */
            replies: components["schemas"]["ReplyView"][];
            /** Scenes */
            scenes: components["schemas"]["SceneView"][];
            /** @description As it was written. */
            span: components["schemas"]["SpanView"] | null;
            /** @description In this revision, moved with its scene; null when it has none. */
            span_now: components["schemas"]["SpanView"] | null;
            stage: components["schemas"]["ReworkStage"];
            /** Stage Is Guess */
            stage_is_guess: boolean;
            state: components["schemas"]["NoteState"];
            /** State At */
            state_at: string | null;
            /** State By */
            state_by: string | null;
            /** Text */
            text: string;
            /** Version */
            version: number;
        };
        /**
         * Order
         * @description What comes first: what presses and risks most, what is due soonest, or what is oldest.
         * @enum {string}
         */
        Order: "risk" | "due" | "age";
        /**
         * PackDetail
         * @description A pack with its rules, its versions and its history.
         */
        PackDetail: {
            /** Changes */
            changes: components["schemas"]["ChangeView"][];
            pack: components["schemas"]["PackView"];
            /** Rules */
            rules: components["schemas"]["RuleView"][];
            /** Versions */
            versions: components["schemas"]["compliance__api__policy_shapes__VersionView"][];
        };
        /**
         * PackView
         * @description One pack, whether it is in force or not.
         */
        PackView: {
            /** Active */
            active: boolean;
            /** Description */
            description: string;
            /**
             * In Force
             * @description For shipped packs: when they are in force.
             */
            in_force?: ("always" | "unless_switched_off" | "when_chosen") | null;
            /**
             * Number
             * @description Of the version in force, for the tenant's own packs.
             */
            number?: number | null;
            /** Pack */
            pack: string;
            /** Rules */
            rules: number;
            /** Shipped */
            shipped: boolean;
            /** Version */
            version: string;
        };
        /** Page[AnchorView] */
        Page_AnchorView_: {
            /** Items */
            items: components["schemas"]["AnchorView"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /** Page[ArchiveView] */
        Page_ArchiveView_: {
            /** Items */
            items: components["schemas"]["ArchiveView"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /** Page[AuditView] */
        Page_AuditView_: {
            /** Items */
            items: components["schemas"]["AuditView"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /** Page[DecisionView] */
        Page_DecisionView_: {
            /** Items */
            items: components["schemas"]["DecisionView"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /** Page[ErasureView] */
        Page_ErasureView_: {
            /** Items */
            items: components["schemas"]["ErasureView"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /** Page[EventView] */
        Page_EventView_: {
            /** Items */
            items: components["schemas"]["EventView"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /** Page[HoldView] */
        Page_HoldView_: {
            /** Items */
            items: components["schemas"]["HoldView"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /** Page[ItemSummary] */
        Page_ItemSummary_: {
            /** Items */
            items: components["schemas"]["ItemSummary"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /** Page[LinkView] */
        Page_LinkView_: {
            /** Items */
            items: components["schemas"]["LinkView"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /** Page[NoteView] */
        Page_NoteView_: {
            /** Items */
            items: components["schemas"]["NoteView"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * PastItem
         * @description An item of the past that the draft has something to say about.
         */
        PastItem: {
            /** Findings */
            findings: components["schemas"]["Finding"][];
            /** Gate */
            gate: string;
            /**
             * Item Id
             * Format: uuid
             */
            item_id: string;
            /**
             * Opened At
             * Format: date-time
             */
            opened_at: string;
            status: components["schemas"]["ItemStatus"];
            /** Title */
            title: string;
        };
        /**
         * PastView
         * @description What the draft would find in the past. `items` are the first 50 it would find something in.
         */
        PastView: {
            /** By Rule */
            by_rule: {
                [key: string]: number;
            };
            /**
             * Complete
             * @description False when there were more items than are tried at once.
             */
            complete: boolean;
            /** Found In */
            found_in: number;
            /** Items */
            items: components["schemas"]["PastItem"][];
            /** Looked At */
            looked_at: number;
            /** Would Ask */
            would_ask: number;
            /** Would Block */
            would_block: number;
        };
        /**
         * PermitBody
         * @description What is to be released, and its manifest hash as the publisher computed it from what it is about to send.
         */
        PermitBody: {
            /**
             * Content
             * @description What it is about to send, as it found it: a refusal then says what is other.
             */
            content?: {
                [key: string]: unknown;
            } | null;
            /**
             * Item Id
             * Format: uuid
             */
            item_id: string;
            /** Manifest Sha256 */
            manifest_sha256: string;
            /** Policy Version */
            policy_version?: string | null;
        };
        /**
         * PermitView
         * @description A single-use permit.
         */
        PermitView: {
            /** Finished At */
            finished_at: string | null;
            /**
             * Granted At
             * Format: date-time
             */
            granted_at: string;
            /**
             * Item Id
             * Format: uuid
             */
            item_id: string;
            /** Manifest Sha256 */
            manifest_sha256: string;
            outcome: components["schemas"]["ReleaseOutcome"] | null;
            /**
             * Permit Id
             * Format: uuid
             */
            permit_id: string;
        };
        /**
         * PieceKind
         * @description What became of a piece of text.
         * @enum {string}
         */
        PieceKind: "same" | "removed" | "added";
        /**
         * PieceView
         * @description Some words in a row, and what became of them.
         */
        PieceView: {
            kind: components["schemas"]["PieceKind"];
            /** Text */
            text: string;
        };
        /**
         * PolicyAction
         * @description What was done with a policy pack.
         * @enum {string}
         */
        PolicyAction: "activate" | "deactivate";
        /**
         * PolicyView
         * @description The policy in force.
         */
        PolicyView: {
            /** Not Looked At */
            not_looked_at: string[];
            /** Packs */
            packs: components["schemas"]["PackView"][];
            /**
             * Reevaluating
             * @description Whether approved items are still being looked at under it.
             */
            reevaluating: boolean;
            /** Rules */
            rules: components["schemas"]["RuleView"][];
            /** Version */
            version: string;
        };
        /**
         * Priority
         * @description How much an item presses, from least to most.
         * @enum {string}
         */
        Priority: "low" | "medium" | "high" | "urgent";
        /**
         * ProblemDocument
         * @description What every refusal looks like. Some have members of their own besides.
         */
        ProblemDocument: {
            /**
             * Detail
             * @description A sentence for people.
             * @example There is no run 0194b7f0-….
             */
            detail: string;
            /**
             * Error
             * @description A code for machines.
             * @example not_found
             */
            error: string;
            /**
             * Request Id
             * @default null
             */
            request_id: string | null;
            /**
             * Status
             * @example 404
             */
            status: number;
            /**
             * Title
             * @example Not Found
             */
            title: string;
            /**
             * Type
             * @example urn:greenlight:error:not_found
             */
            type: string;
        } & {
            [key: string]: unknown;
        };
        /**
         * PromptBody
         * @description What a vendor would be asked to make, and by which step of which run.
         */
        PromptBody: {
            /** Prompt */
            prompt: string;
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
            /**
             * Step Id
             * Format: uuid
             */
            step_id: string;
        };
        /**
         * ReasonBody
         * @description Why.
         */
        ReasonBody: {
            /** Reason */
            reason: string;
        };
        /**
         * Refusal
         * @description Why an item was not decided, as its own route would have said.
         */
        Refusal: {
            /** Detail */
            detail: string;
            /** Error */
            error: string;
            /** Status */
            status: number;
        };
        /**
         * Region
         * @description A part of a picture, as shares of its width and height from the upper left corner.
         */
        Region: {
            /** Height */
            height: number;
            /** Width */
            width: number;
            /** X */
            x: number;
            /** Y */
            y: number;
        };
        /**
         * ReleaseOutcome
         * @description How a release ended.
         * @enum {string}
         */
        ReleaseOutcome: "released" | "release_failed";
        /**
         * ReplyBody
         * @description A reply.
         */
        ReplyBody: {
            /** Text */
            text: string;
        };
        /**
         * ReplyView
         * @description One answer below a note.
         */
        ReplyView: {
            /** Author */
            author: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Mentions */
            mentions: string[];
            /** Text */
            text: string;
        };
        /**
         * ReportKind
         * @description What there are reports of.
         * @enum {string}
         */
        ReportKind: "access" | "decisions" | "violations";
        /**
         * Review
         * @description How content is reviewed. What is missing, the next one says: the workflow, the tenant, the suite.
         */
        Review: {
            /**
             * Due After Ms
             * @description When somebody should have decided.
             */
            due_after_ms?: number | null;
            escalate?: components["schemas"]["Escalation"] | null;
            /** Remind After Ms */
            remind_after_ms?: number | null;
            /** Require Reason */
            require_reason?: components["schemas"]["Decision"][] | null;
            /** Stages */
            stages?: components["schemas"]["ReviewStage"][] | null;
        };
        /**
         * ReviewBody
         * @description How a gate's content is reviewed where its workflow says nothing.
         */
        ReviewBody: {
            review: components["schemas"]["Review"];
            /**
             * Version
             * @description The version it was made from; 0: there was none.
             */
            version?: number | null;
        };
        /**
         * ReviewStage
         * @description One look at held content. Who may take part: people with one of the roles, and those named in `any_of`.
         *
         *     `quorum` is how many of them must approve; `all` means everybody in `any_of`. A rejection by one of them ends it.
         */
        ReviewStage: {
            /**
             * Any Of
             * @description User ids.
             * @default []
             */
            any_of: string[];
            /** Name */
            name: string;
            /**
             * Quorum
             * @default 1
             */
            quorum: number | "all";
            /**
             * Reviewers
             * @description Roles.
             * @default []
             */
            reviewers: string[];
        };
        /**
         * ReviewView
         * @description One version of a tenant's review definition.
         */
        ReviewView: {
            /** Gate */
            gate: string;
            review: components["schemas"]["Review"];
            /**
             * Set At
             * Format: date-time
             */
            set_at: string;
            /** Set By */
            set_by: string;
            /** Version */
            version: number;
        };
        /**
         * RevisionBody
         * @description Other content in place of an item's, for everybody to look at anew.
         */
        RevisionBody: {
            /**
             * Changes Summary
             * @default
             */
            changes_summary: string;
            /** Content */
            content: {
                [key: string]: unknown;
            };
        };
        /**
         * RevisionView
         * @description One of an item's revisions; its id is that of the item it is.
         */
        RevisionView: {
            /** Changes Summary */
            changes_summary: string | null;
            /** Content */
            content: {
                [key: string]: unknown;
            };
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Revision Number */
            revision_number: number;
        };
        /**
         * Rework
         * @description One thing to do again, in a reviewer's words. Scenes that no order names stay as they are, byte for byte.
         */
        Rework: {
            /** Instruction */
            instruction: string;
            /**
             * Note Ids
             * @default []
             */
            note_ids: string[];
            /**
             * Scene
             * @description Counted from 0; none: what belongs to the whole film.
             */
            scene?: number | null;
            stage: components["schemas"]["ReworkStage"];
        };
        /**
         * ReworkStage
         * @description Who has to do a scene again: the words, their picture, the voice, what is written, music, or the cut.
         * @enum {string}
         */
        ReworkStage: "script" | "clip" | "voice" | "caption" | "sound" | "cut";
        /**
         * ReworkView
         * @description What asking for changes now would have done again.
         */
        ReworkView: {
            /**
             * Kept Scenes
             * @description Scenes that stay as they are, byte for byte.
             */
            kept_scenes: number;
            /** Orders */
            orders: components["schemas"]["Rework"][];
            /**
             * Whole
             * @description No order: the run does its step again by your comment, as a whole.
             */
            whole: boolean;
        };
        /**
         * RiskPart
         * @description One thing that adds to a risk.
         */
        RiskPart: {
            /** Name */
            name: string;
            /** Points */
            points: number;
            /** Why */
            why: string;
        };
        /**
         * RuleView
         * @description One rule.
         */
        RuleView: {
            /**
             * Basis
             * @default
             */
            basis: string;
            /** Confidence */
            confidence?: number | null;
            /** Id */
            id: string;
            /**
             * Pack
             * @default
             */
            pack: string;
            /** Remedy */
            remedy: string;
            scope: components["schemas"]["ScopeView"];
            /**
             * Severity
             * @enum {string}
             */
            severity: "blocking" | "review" | "info";
            /** Text */
            text: string;
        };
        /**
         * SceneChangeView
         * @description A scene that is another now, side by side.
         */
        SceneChangeView: {
            after: components["schemas"]["SceneMark"] | null;
            before: components["schemas"]["SceneMark"] | null;
            /** Index */
            index: number;
            /** Number */
            number: number;
            /**
             * What
             * @description Of `picture`, `voice`, `length`, `added`, `removed`.
             */
            what: string[];
        };
        /**
         * SceneMark
         * @description Where a scene is in a finished film, and the hashes of its parts. Scenes overlap by their transition.
         */
        SceneMark: {
            /** Clip Sha256 */
            clip_sha256: string;
            /** Frames */
            frames: number;
            /** Index */
            index: number;
            /**
             * Start Frame
             * @description The film's first frame that shows any of it.
             */
            start_frame: number;
            /**
             * Still Sha256
             * @description A small picture of it, without captions.
             */
            still_sha256?: string | null;
            /** Voice Sha256 */
            voice_sha256?: string | null;
        };
        /**
         * SceneView
         * @description The scene a note is about, as it is in the revision that was asked about.
         */
        SceneView: {
            /** Clip Sha256 */
            clip_sha256: string | null;
            /** Index */
            index: number;
            /**
             * Number
             * @description As people count: from 1.
             */
            number: number;
            /** Sentence */
            sentence: string;
            /**
             * Still Sha256
             * @description A small picture; its bytes are at `/v1/artifacts/{sha256}`.
             */
            still_sha256: string | null;
        };
        /**
         * ScopeView
         * @description Where a rule applies; an empty list does not limit it.
         */
        ScopeView: {
            /** Fields */
            fields: string[];
            /** Kinds */
            kinds: string[];
            /** Languages */
            languages: string[];
            /** Platforms */
            platforms: string[];
            /** Stages */
            stages: string[];
        };
        /**
         * Seen
         * @description An item, and the hash of what was looked at.
         */
        Seen: {
            /**
             * Accepts Downgrades
             * @description With an approval: the codes of all that the run fell back to, as the item lists them.
             * @default []
             */
            accepts_downgrades: string[];
            /**
             * Item Id
             * Format: uuid
             */
            item_id: string;
            /** Manifest Sha256 */
            manifest_sha256: string;
        };
        /**
         * SeenBody
         * @description What was looked at, if you want to be sure that it is still that.
         */
        SeenBody: {
            /** Manifest Sha256 */
            manifest_sha256?: string | null;
        };
        /**
         * SoundView
         * @description What a film sounds like. Silence has no peak.
         */
        SoundView: {
            /**
             * Envelope Lufs
             * @description One value a second.
             */
            envelope_lufs: number[];
            /** Integrated Lufs */
            integrated_lufs: number | null;
            /** Problem */
            problem: string;
            /** True Peak Dbtp */
            true_peak_dbtp: number | null;
        };
        /**
         * SourceBody
         * @description A pack's YAML.
         */
        SourceBody: {
            /** Source */
            source: string;
        };
        /**
         * SourceView
         * @description A version with its YAML.
         */
        SourceView: {
            /** Description */
            description: string;
            /**
             * Made At
             * Format: date-time
             */
            made_at: string;
            /** Made By */
            made_by: string;
            /** Number */
            number: number;
            /** Rules */
            rules: number;
            /** Sha256 */
            sha256: string;
            /** Source */
            source: string;
            /** Version */
            version: string;
        };
        /**
         * SpanView
         * @description Frames of a film, both ends included, in every way to say it.
         */
        SpanView: {
            /** At Ms */
            at_ms: number;
            /** End Frame */
            end_frame: number;
            /** End Ms */
            end_ms: number;
            /** End Timecode */
            end_timecode: string;
            /** Frame */
            frame: number;
            /**
             * Rate
             * @description Frames a second, as a whole number or a fraction.
             */
            rate: string;
            /** Timecode */
            timecode: string;
        };
        /**
         * StageView
         * @description The stage an item is at: who may take part, and how many of how many stages there are.
         */
        StageView: {
            /**
             * Any Of
             * @description User ids.
             */
            any_of: string[];
            /** Name */
            name: string;
            /**
             * Number
             * @description From 1.
             */
            number: number;
            /** Of */
            of: number;
            /** Quorum */
            quorum: number | "all";
            /**
             * Reviewers
             * @description Roles.
             */
            reviewers: string[];
        };
        /**
         * StandInBody
         * @description Who decides, and how long.
         */
        StandInBody: {
            /**
             * Stand In
             * @description A user id. They need no role.
             */
            stand_in: string;
            /**
             * Until
             * Format: date-time
             * @description At most 90 days from now.
             */
            until: string;
        };
        /**
         * StandInView
         * @description Who decides in whose place.
         */
        StandInView: {
            /**
             * Set At
             * Format: date-time
             */
            set_at: string;
            /** Set By */
            set_by: string;
            /** Stand In */
            stand_in: string;
            /**
             * Until
             * Format: date-time
             */
            until: string;
            /**
             * User Id
             * @description Whose place it is.
             */
            user_id: string;
        };
        /**
         * Stats
         * @description How full the airlock is.
         */
        Stats: {
            /**
             * By Status
             * @description All that are open; others among the newest 1,000 items.
             */
            by_status: {
                [key: string]: number;
            };
            /** Held */
            held: number;
            /** Oldest Open At */
            oldest_open_at: string | null;
            /** Open By Gate */
            open_by_gate: {
                [key: string]: number;
            };
            /** Overdue */
            overdue: number;
        };
        /**
         * StatsView
         * @description How much there is.
         */
        StatsView: {
            /** Events By Type */
            events_by_type: {
                [key: string]: number;
            };
            /** Total Events */
            total_events: number;
        };
        /**
         * Status
         * @description Where an item stands, as clients know it.
         * @enum {string}
         */
        Status: "pending_review" | "approved" | "rejected" | "requires_changes" | "in_revision";
        /**
         * StopAllView
         * @description Whether all releases of the installation are stopped, and those of all tenants that had begun before.
         */
        StopAllView: {
            /** At */
            at: string | null;
            /** By */
            by: string | null;
            /** In Flight */
            in_flight: components["schemas"]["InFlightView"][];
            /** Reason */
            reason: string | null;
            /** Stopped */
            stopped: boolean;
        };
        /**
         * StopView
         * @description Whether all releases of the tenant are stopped. `in_flight` are those that had begun before.
         */
        StopView: {
            /** At */
            at: string | null;
            /** By */
            by: string | null;
            /**
             * Everywhere
             * @description For the whole installation, by somebody who runs it.
             */
            everywhere: boolean;
            /**
             * In Flight
             * @description Items being released.
             */
            in_flight: string[];
            /** Reason */
            reason: string | null;
            /** Stopped */
            stopped: boolean;
        };
        /**
         * SubmitBody
         * @description Content to hold without a gate of a workflow. The same `key` is the same item.
         */
        SubmitBody: {
            /**
             * Accepts
             * @default []
             */
            accepts: components["schemas"]["Accepts"][];
            /** Content */
            content: {
                [key: string]: unknown;
            };
            content_type?: components["schemas"]["ContentType"] | null;
            /**
             * Gate
             * @description What the tenant's review definitions call it.
             */
            gate: string;
            /** Key */
            key: string;
            /** @default medium */
            priority: components["schemas"]["Priority"];
            /**
             * Requested By
             * @description User id of the author, who may not decide.
             */
            requested_by: string;
            review?: components["schemas"]["Review"] | null;
            /** Run Id */
            run_id?: string | null;
            /**
             * Supersedes
             * @description The item that this one is a new version of.
             */
            supersedes?: string | null;
            /** Timeout At */
            timeout_at?: string | null;
            /** Title */
            title: string;
        };
        /**
         * TextChangeView
         * @description A text that is another now.
         */
        TextChangeView: {
            /** After */
            after: string | null;
            /** Before */
            before: string | null;
            /** Path */
            path: string;
            /** Pieces */
            pieces: components["schemas"]["PieceView"][];
        };
        /**
         * Updated
         * @description It is so now.
         */
        Updated: {
            /**
             * Status
             * @default updated
             */
            status: string;
        };
        /**
         * Validation
         * @description What the checks say about an action. `approved` is never what the caller says.
         */
        Validation: {
            /** Approved */
            approved: boolean;
            /** Compliance Score */
            compliance_score: number;
            /** Policy Version */
            policy_version: string;
            /** Recommendations */
            recommendations: string[];
            /** Required Approvals */
            required_approvals: string[];
            /**
             * Validation Id
             * Format: uuid
             */
            validation_id: string;
            /** Violations */
            violations: components["schemas"]["Violation"][];
        };
        /** ValidationError */
        ValidationError: {
            /** Context */
            ctx?: Record<string, never>;
            /** Input */
            input?: unknown;
            /** Location */
            loc: (string | number)[];
            /** Message */
            msg: string;
            /** Error Type */
            type: string;
        };
        /**
         * Verdict
         * @description What the checks found. A check that could not run is a finding too, and blocks.
         */
        Verdict: {
            /**
             * Checked Rules
             * @default 0
             */
            checked_rules: number;
            /**
             * Findings
             * @default []
             */
            findings: components["schemas"]["Finding"][];
            level: components["schemas"]["VerdictLevel"];
            /** Policy Version */
            policy_version: string;
            /**
             * Risk
             * @default 0
             */
            risk: number;
            /**
             * Risk Parts
             * @default []
             */
            risk_parts: components["schemas"]["RiskPart"][];
            /**
             * Unchecked
             * @description What nobody looked at, in sentences.
             * @default []
             */
            unchecked: string[];
        };
        /**
         * VerdictLevel
         * @description What the checks say; a person decides all the same, except that `blocked` cannot be approved.
         * @enum {string}
         */
        VerdictLevel: "allowed" | "needs_review" | "blocked";
        /**
         * VerificationView
         * @description What recomputing the chain found. Where the place is not exact, it is from `first_bad_seq` to `last_bad_seq`.
         */
        VerificationView: {
            /**
             * Anchored Seq
             * @description Up to here anchors prove that nothing is missing or changed.
             */
            anchored_seq: number | null;
            /** Anchors */
            anchors: number;
            /** Blanked */
            blanked: number;
            /** Entries */
            entries: number;
            /** First Bad Seq */
            first_bad_seq: number | null;
            /** Gaps */
            gaps: components["schemas"]["GapView"][];
            /** Head */
            head: string | null;
            /** Last Bad Seq */
            last_bad_seq: number | null;
            /** Ok */
            ok: boolean;
            /** Reason */
            reason: string | null;
            /** Tail */
            tail: string;
        };
        /**
         * Violation
         * @description One finding, under the rule that clients know and the rule of ours that found it.
         */
        Violation: {
            /** Check */
            check: string;
            /** Description */
            description: string;
            /** Evidence */
            evidence: string;
            /** Location */
            location: string;
            /** Recommendation */
            recommendation: string;
            /**
             * Rule Id
             * @enum {string}
             */
            rule_id: "external_post_approval" | "brand_guidelines" | "content_policy" | "data_privacy" | "regulatory_compliance";
            /** Severity */
            severity: string;
        };
        /**
         * WaitingView
         * @description How long gates waited for people.
         * @example {
         *       "days": [
         *         {
         *           "day": "2026-11-20",
         *           "decided": 4,
         *           "median_ms": 180000
         *         }
         *       ],
         *       "gates": [
         *         {
         *           "decided": 9,
         *           "gate": "ideation",
         *           "longest_ms": 7200000,
         *           "median_ms": 240000,
         *           "ninth_ms": 5400000,
         *           "oldest_open_at": "2026-11-21T09:00:00Z",
         *           "open": 1
         *         }
         *       ],
         *       "since": "2026-11-01T00:00:00Z"
         *     }
         */
        WaitingView: {
            /**
             * Days
             * @description In order; days on which nobody decided are left out.
             */
            days: components["schemas"]["DayWait"][];
            /** Gates */
            gates: components["schemas"]["GateWait"][];
            /**
             * Since
             * Format: date-time
             */
            since: string;
        };
        /**
         * WithdrawBody
         * @description Why, if there is something to say.
         */
        WithdrawBody: {
            /**
             * Reason
             * @default
             */
            reason: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    airlock_dashboard_compat_agent_os_api_v1_airlock_dashboard_stats_get: {
        parameters: {
            query?: {
                reviewer_id?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DashboardView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_airlock_items_compat_agent_os_api_v1_airlock_items_get: {
        parameters: {
            query?: {
                assigned_reviewer?: string | null;
                content_type?: string | null;
                limit?: number;
                offset?: number;
                priority?: components["schemas"]["Priority"] | null;
                source_service?: string | null;
                status?: components["schemas"]["Status"] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemView"][];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    hold_airlock_item_compat_agent_os_api_v1_airlock_items_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ItemBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Made"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    show_airlock_item_compat_agent_os_api_v1_airlock_items__item_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    update_airlock_item_compat_agent_os_api_v1_airlock_items__item_id__put: {
        parameters: {
            query?: {
                updated_by?: string | null;
            };
            header?: never;
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ItemUpdate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Updated"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_airlock_feedback_compat_agent_os_api_v1_airlock_items__item_id__feedback_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedbackView"][];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    write_airlock_feedback_compat_agent_os_api_v1_airlock_items__item_id__feedback_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FeedbackBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Added"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_airlock_messages_compat_agent_os_api_v1_airlock_items__item_id__messages_get: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
            };
            header?: never;
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageView"][];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    write_airlock_message_compat_agent_os_api_v1_airlock_items__item_id__messages_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MessageBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Added"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_airlock_revisions_compat_agent_os_api_v1_airlock_items__item_id__revisions_get: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
            };
            header?: never;
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevisionView"][];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    revise_airlock_item_compat_agent_os_api_v1_airlock_items__item_id__revisions_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RevisionBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeRevision"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    audit_logs_compat_agent_os_audit_logs_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                event_type?: string | null;
                limit?: number;
                run_id?: string | null;
                user_id?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogsView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    check_compliance_compat_agent_os_check_compliance_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Validation"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    compliance_rules_compat_agent_os_compliance_rules_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CompatRules"];
                };
            };
        };
    };
    log_event_compat_agent_os_log_event_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EventBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoggedView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    query_logs_compat_agent_os_query_logs_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LogQuery"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogsView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    rules_compat_agent_os_rules_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CompatRules"];
                };
            };
        };
    };
    stats_compat_agent_os_stats_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatsView"];
                };
            };
        };
    };
    validate_action_compat_agent_os_validate_action_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Validation"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    pack_v1_airlock_evidence_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EvidenceOrder"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_items_v1_airlock_items_get: {
        parameters: {
            query?: {
                assigned_to?: string | null;
                claimed_by?: string | null;
                content_type?: components["schemas"]["ContentType"] | null;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                gate?: string | null;
                /** @description How many at most. */
                limit?: number;
                /** @description Only where an open note, or a reply to one, names you. */
                mentions_me?: boolean;
                order?: components["schemas"]["Order"];
                priority?: components["schemas"]["Priority"] | null;
                /** @description Whether those who may decide were told that they should. */
                reminded?: boolean | null;
                run_id?: string | null;
                status?: components["schemas"]["ItemStatus"] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ItemSummary_"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    submit_v1_airlock_items_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubmitBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemSummary"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    show_item_v1_airlock_items__item_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemDetail"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    arrange_v1_airlock_items__item_id__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ArrangeBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemSummary"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    changes_v1_airlock_items__item_id__changes_get: {
        parameters: {
            query?: {
                /** @description `last`, or a revision's number. */
                since?: string;
            };
            header?: never;
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangesView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    claim_v1_airlock_items__item_id__claim_put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClaimBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemSummary"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    release_v1_airlock_items__item_id__claim_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemSummary"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    decide_v1_airlock_items__item_id__decision_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecisionBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Decided"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_decisions_v1_airlock_items__item_id__decisions_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_DecisionView_"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_history_v1_airlock_items__item_id__history_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_EventView_"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    hold_v1_airlock_items__item_id__hold_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemSummary"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    lift_hold_v1_airlock_items__item_id__hold_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemSummary"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_links_v1_airlock_items__item_id__links_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_LinkView_"];
                };
            };
            /** @description There is no such thing, or it is another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    make_v1_airlock_items__item_id__links_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewLink"];
                };
            };
            /** @description You may not. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing, or it is another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Not now: somebody was first, or it is not in a state for this. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It cannot be understood, or is out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    revoke_v1_airlock_items__item_id__links__link_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                item_id: string;
                link_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkView"];
                };
            };
            /** @description There is no such thing, or it is another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_notes_v1_airlock_items__item_id__notes_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many at most. */
                limit?: number;
                state?: components["schemas"]["NoteState"] | null;
            };
            header?: never;
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_NoteView_"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    write_v1_airlock_items__item_id__notes_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NoteBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoteView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    edit_v1_airlock_items__item_id__notes__note_id__put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                item_id: string;
                note_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NoteEdit"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoteView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    reopen_v1_airlock_items__item_id__notes__note_id__reopen_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                item_id: string;
                note_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoteView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    reply_v1_airlock_items__item_id__notes__note_id__replies_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                item_id: string;
                note_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplyBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoteView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    resolve_v1_airlock_items__item_id__notes__note_id__resolve_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                item_id: string;
                note_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoteView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    take_back_v1_airlock_items__item_id__notes__note_id__withdraw_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                item_id: string;
                note_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoteView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    show_rework_v1_airlock_items__item_id__rework_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReworkView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    saw_v1_airlock_items__item_id__seen_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SeenBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LookView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    sound_v1_airlock_items__item_id__sound_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SoundView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    withdraw_v1_airlock_items__item_id__withdraw_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                item_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WithdrawBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemSummary"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    decide_many_v1_airlock_items_bulk_decision_post: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkResult"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    look_at_switch_v1_airlock_kill_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StopView"];
                };
            };
        };
    };
    throw_switch_v1_airlock_kill_put: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StopView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    release_switch_v1_airlock_kill_delete: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StopView"];
                };
            };
        };
    };
    look_at_switch_of_all_v1_airlock_kill_all_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StopAllView"];
                };
            };
        };
    };
    throw_switch_of_all_v1_airlock_kill_all_put: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StopAllView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    release_switch_of_all_v1_airlock_kill_all_delete: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StopAllView"];
                };
            };
        };
    };
    list_reviews_v1_airlock_reviews_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReviewView"][];
                };
            };
        };
    };
    list_versions_v1_airlock_reviews__gate__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                gate: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReviewView"][];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    define_v1_airlock_reviews__gate__put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                gate: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReviewBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReviewView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    appoint_stand_in_v1_airlock_stand_in_put: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StandInBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StandInView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    end_stand_in_v1_airlock_stand_in_delete: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_stand_ins_v1_airlock_stand_ins_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StandInView"][];
                };
            };
        };
    };
    appoint_for_somebody_v1_airlock_stand_ins__user_id__put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StandInBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StandInView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    end_for_somebody_v1_airlock_stand_ins__user_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    stats_v1_airlock_stats_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stats"];
                };
            };
        };
    };
    waiting_v1_airlock_waiting_get: {
        parameters: {
            query?: {
                /** @description So many days until now, today among them (UTC). */
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WaitingView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_entries_v1_audit_get: {
        parameters: {
            query?: {
                /** @description `gate.` finds all that begin with it. */
                action?: string | null;
                actor?: string | null;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description Recorded at that instant or later. */
                from?: string | null;
                /** @description How many at most. */
                limit?: number;
                order?: components["schemas"]["ChainOrder"];
                /** @description Words that occur in the entry. */
                q?: string | null;
                resource?: string | null;
                run_id?: string | null;
                /** @description Recorded before that instant. */
                to?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AuditView_"];
                };
            };
            /** @description You may not. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    activity_v1_audit_activity__actor__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                actor: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivityView"];
                };
            };
            /** @description You may not. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_kept_v1_audit_anchors_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AnchorView_"];
                };
            };
            /** @description You may not. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    anchor_now_v1_audit_anchors_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnchorView"] | null;
                };
            };
            /** @description You may not. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    list_archives_v1_audit_archives_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ArchiveView_"];
                };
            };
            /** @description You may not. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_erasures_v1_audit_erasures_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ErasureView_"];
                };
            };
            /** @description You may not. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    order_erasure_v1_audit_erasures_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ErasureBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasureView"];
                };
            };
            /** @description You may not. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Not now: somebody was first, or it is not in a state for this. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It cannot be understood, or is out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    show_erasure_v1_audit_erasures__erasure_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                erasure_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasureView"];
                };
            };
            /** @description You may not. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing, or it is another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    export_v1_audit_export_get: {
        parameters: {
            query?: {
                /** @description `gate.` finds all that begin with it. */
                action?: string | null;
                actor?: string | null;
                format?: components["schemas"]["Form"];
                /** @description Recorded at that instant or later. */
                from?: string | null;
                /** @description Words that occur in the entry. */
                q?: string | null;
                resource?: string | null;
                run_id?: string | null;
                /** @description Recorded before that instant. */
                to?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": unknown;
                    "text/csv; charset=utf-8": unknown;
                };
            };
            /** @description You may not. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_holds_v1_audit_holds_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_HoldView_"];
                };
            };
            /** @description You may not. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    set_hold_v1_audit_holds_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HoldBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HoldView"];
                };
            };
            /** @description You may not. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It cannot be understood, or is out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    lift_hold_v1_audit_holds__hold_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                hold_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HoldView"];
                };
            };
            /** @description You may not. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing, or it is another tenant's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_keys_v1_audit_keys_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeysView"];
                };
            };
        };
    };
    report_v1_audit_reports__kind__get: {
        parameters: {
            query: {
                format?: components["schemas"]["Form"];
                from: string;
                to: string;
            };
            header?: never;
            path: {
                kind: components["schemas"]["ReportKind"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "text/csv; charset=utf-8": unknown;
                };
            };
            /** @description You may not. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It cannot be understood, or is out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    verify_chain_v1_audit_verify_get: {
        parameters: {
            query?: {
                tenant?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerificationView"];
                };
            };
            /** @description You may not. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    verify_against_v1_audit_verify_post: {
        parameters: {
            query?: {
                tenant?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeptAnchors"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerificationView"];
                };
            };
            /** @description You may not. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    grant_v1_permits_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PermitBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PermitView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    finish_v1_permits__permit_id__finish_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                permit_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FinishBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PermitView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    check_v1_permits_check_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PermitBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    show_v1_policies_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyView"];
                };
            };
        };
    };
    show_pack_v1_policies__pack__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                pack: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PackDetail"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    put_v1_policies__pack__put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                pack: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SourceBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["compliance__api__policy_shapes__VersionView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    activate_v1_policies__pack__activate_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                pack: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActivateBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActiveView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    deactivate_v1_policies__pack__deactivate_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                pack: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActiveView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    add_version_v1_policies__pack__versions_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                pack: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SourceBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["compliance__api__policy_shapes__VersionView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    show_version_v1_policies__pack__versions__number__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: number;
                pack: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    check_v1_policies_check_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PromptBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    kits_v1_policies_kits_get: {
        parameters: {
            query: {
                logo: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KitsView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    test_v1_policies_test_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DraftBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftView"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
}
