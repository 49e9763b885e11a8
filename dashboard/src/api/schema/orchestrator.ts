// Written by `npm run gen` from openapi/orchestrator.json 0438cf4950c2646824fd94f79eed763153a8ac20080bf00deedc5d7adbd53922. Do not edit.

export interface paths {
    "/admin/dlq": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Dead letters, the newest first */
        get: operations["index_admin_dlq_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/dlq/{letter_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One dead letter, with what was in it */
        get: operations["show_admin_dlq__letter_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/dlq/{letter_id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send it on its way again. Repeating it changes nothing */
        post: operations["replay_admin_dlq__letter_id__replay_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/dlq/{letter_id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Note that nothing is to be done about it */
        post: operations["resolve_admin_dlq__letter_id__resolve_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/dlq/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send all open letters of a kind on their way again, up to 200 at once */
        post: operations["replay_all_admin_dlq_replay_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/dlq/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Note that nothing is to be done about all open letters of a kind */
        post: operations["resolve_all_admin_dlq_resolve_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/drills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the last drills found, newest first */
        get: operations["index_admin_drills_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/drills/{drill}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Keep what a drill found. Repeating it changes nothing */
        put: operations["keep_admin_drills__drill__put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/compat/agent-os/create-video-content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have a vendor make a whole video of a script */
        post: operations["create_compat_agent_os_create_video_content_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/compat/agent-os/create-video-content/{video_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A video, and how far it is */
        get: operations["show_compat_agent_os_create_video_content__video_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/artifacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What your tenant's runs made, newest first */
        get: operations["index_v1_artifacts_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/artifacts/{sha256}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bytes of an artifact */
        get: operations["download_v1_artifacts__sha256__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/artifacts/uses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What names these bytes, before whoever has them deletes them */
        get: operations["uses_v1_artifacts_uses_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/budgets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Money: all time first, then the last days */
        get: operations["index_v1_budgets_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/budgets/runs/{run_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Money of one run; a run it started has its own */
        get: operations["show_v1_budgets_runs__run_id__get"];
        /** Change a run's own cap; a failed run can then be retried */
        put: operations["put_v1_budgets_runs__run_id__put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/chat/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your conversations, the latest first */
        get: operations["conversations_v1_chat_conversations_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/chat/conversations/{conversation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was said, in order */
        get: operations["turns_v1_chat_conversations__conversation_id__get"];
        put?: never;
        post?: never;
        /** Forget it; what was done stays done */
        delete: operations["forget_v1_chat_conversations__conversation_id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/chat/supervisor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say what you want, or confirm what was proposed */
        post: operations["say_v1_chat_supervisor_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/insights/costs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What runs cost, by day, user, run, agent … */
        get: operations["costs_v1_insights_costs_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/insights/funnel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far the runs of a workflow come, step by step */
        get: operations["funnel_v1_insights_funnel_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tenant's limits, and how much of each is in use */
        get: operations["index_v1_limits_get"];
        /** Set a limit. What is over it goes on; nothing more begins */
        put: operations["put_v1_limits_put"];
        post?: never;
        /** Take a limit away. Repeating it changes nothing */
        delete: operations["remove_v1_limits_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Runs, newest first */
        get: operations["index_v1_runs_get"];
        put?: never;
        /** Start a run */
        post: operations["start_v1_runs_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One run */
        get: operations["show_v1_runs__run_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run_id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Approve, or decide, at the gate */
        post: operations["approve_v1_runs__run_id__approve_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run_id}/artifacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the run made */
        get: operations["artifacts_v1_runs__run_id__artifacts_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a run; workers may clean up */
        post: operations["cancel_v1_runs__run_id__cancel_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run_id}/children": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The runs its steps started, newest first */
        get: operations["children_v1_runs__run_id__children_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run_id}/estimate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a run may still cost and take, from where it is to its end. Steps that ended well are left out */
        get: operations["ask_for_the_rest_v1_runs__run_id__estimate_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run_id}/evidence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything about a run as a signed zip file, for its author, officers and admins */
        get: operations["pack_v1_runs__run_id__evidence_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run_id}/fork": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start a new run from one of its steps */
        post: operations["fork_v1_runs__run_id__fork_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run_id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened, in order */
        get: operations["history_v1_runs__run_id__history_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run_id}/migrate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on by the workflow's present version */
        post: operations["migrate_v1_runs__run_id__migrate_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run_id}/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What attempts of steps were given, the newest 50, in order */
        get: operations["index_v1_runs__run_id__orders_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run_id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hand out nothing new until it is resumed */
        post: operations["pause_v1_runs__run_id__pause_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run_id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reject at the gate: the run ends */
        post: operations["reject_v1_runs__run_id__reject_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run_id}/request-changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send it back with a comment */
        post: operations["request_changes_v1_runs__run_id__request_changes_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run_id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a paused run go on */
        post: operations["resume_v1_runs__run_id__resume_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on with a failed run where it failed */
        post: operations["retry_v1_runs__run_id__retry_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run_id}/shares": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** With whom a private run is shared */
        get: operations["shares_v1_runs__run_id__shares_get"];
        put?: never;
        /** Share it. Again changes nothing */
        post: operations["share_v1_runs__run_id__shares_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run_id}/shares/{share_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a share. Again changes nothing */
        delete: operations["unshare_v1_runs__run_id__shares__share_id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run_id}/signals/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tell a run what one of its steps waits for, or will */
        post: operations["send_v1_runs__run_id__signals__name__post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run_id}/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A run, step by step */
        get: operations["state_v1_runs__run_id__state_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run_id}/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The steps of a run, as its tasks */
        get: operations["of_run_v1_runs__run_id__tasks_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run_id}/terminate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a run; workers are stopped at once */
        post: operations["terminate_v1_runs__run_id__terminate_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The same for many runs, each by itself */
        post: operations["many_v1_runs_bulk_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/estimate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a run may cost and take. Starts nothing */
        post: operations["ask_v1_runs_estimate_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start a run from a brief */
        post: operations["start_from_brief_v1_runs_start_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Schedules, the newest first */
        get: operations["index_v1_schedules_get"];
        put?: never;
        /** Make a schedule */
        post: operations["create_v1_schedules_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{schedule_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A schedule, its next instants, and what became of the newest */
        get: operations["show_v1_schedules__schedule_id__get"];
        put?: never;
        post?: never;
        /** Delete a schedule; its runs stay */
        delete: operations["delete_v1_schedules__schedule_id__delete"];
        options?: never;
        head?: never;
        /** Change a schedule; what is left out stays */
        patch: operations["change_v1_schedules__schedule_id__patch"];
        trace?: never;
    };
    "/v1/schedules/{schedule_id}/next": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** When it is due next */
        get: operations["following_v1_schedules__schedule_id__next_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{schedule_id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start nothing until it is resumed */
        post: operations["pause_v1_schedules__schedule_id__pause_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{schedule_id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on; what was due meanwhile is not caught up on */
        post: operations["resume_v1_schedules__schedule_id__resume_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{schedule_id}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start a run of it now */
        post: operations["run_now_v1_schedules__schedule_id__run_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Services, and what they can do now */
        get: operations["index_v1_services_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services/{service}/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** When a service came and went, newest first */
        get: operations["changes_v1_services__service__changes_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How long the queues between services are */
        get: operations["queues_v1_services_queues_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tasks, newest first */
        get: operations["index_v1_tasks_get"];
        put?: never;
        /** Have one thing done */
        post: operations["create_v1_tasks_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tasks/{task_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One task */
        get: operations["show_v1_tasks__task_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tasks/{task_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a task. Repeating it changes nothing */
        post: operations["cancel_v1_tasks__task_id__cancel_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A single-use ticket for the socket */
        post: operations["ticket_v1_tickets_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{vendor}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An outside system calls back */
        post: operations["take_v1_webhooks__vendor__post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workflows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Workflows, also those that cannot be loaded */
        get: operations["workflows_v1_workflows_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/runs/{run_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One run as a graph */
        get: operations["show_v2_runs__run_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/runs/{run_id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Approve, or decide, at the gate */
        post: operations["approve_v2_runs__run_id__approve_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/runs/{run_id}/approve/hitl": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The same */
        post: operations["approve_v2_runs__run_id__approve_hitl_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/runs/{run_id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Each end of a node, in order */
        get: operations["history_v2_runs__run_id__history_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/runs/{run_id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reject at the gate: the run ends */
        post: operations["reject_v2_runs__run_id__reject_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/runs/{run_id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answer whatever the run waits for */
        post: operations["resume_v2_runs__run_id__resume_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/runs/{run_id}/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the graph stands */
        get: operations["state_v2_runs__run_id__state_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/runs/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start a run from a brief */
        post: operations["start_v2_runs_start_post"];
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
         * Act
         * @description What can be proposed.
         * @enum {string}
         */
        Act: "decide" | "cancel";
        /**
         * Action
         * @description What people do to runs besides deciding.
         * @enum {string}
         */
        Action: "pause" | "resume" | "cancel" | "terminate" | "retry";
        /**
         * AgentSpec
         * @description The declared agent a step runs as: everything that shapes its answers besides the input.
         *
         *     With a `framework` it is the operator's own: `entry` (`agent.py:build`) names a file of the workflow folder
         *     `folder` and the function in it that builds the agent.
         */
        AgentSpec: {
            /** Entry */
            entry?: string | null;
            /** Folder */
            folder?: string | null;
            framework?: components["schemas"]["Framework"] | null;
            /**
             * Instructions
             * @default
             */
            instructions: string;
            /** Model */
            model?: string | null;
            /** Name */
            name: string;
            /**
             * Role
             * @default
             */
            role: string;
            /** Sampling */
            sampling?: {
                [key: string]: unknown;
            };
            /**
             * Tools
             * @default []
             */
            tools: string[];
        };
        /**
         * Approval
         * @description One decision at a gate. A run that was sent back has several for the same gate.
         */
        Approval: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Comment */
            comment: string;
            /** Decided By */
            decided_by: string;
            /**
             * Decision
             * @example approved
             */
            decision: string;
            /**
             * Gate
             * @description The node.
             * @example ideation_approval
             */
            gate: string;
            /**
             * Item Id
             * Format: uuid
             */
            item_id: string;
        };
        /**
         * ArtifactAnswer
         * @description An artifact of a run; its bytes are at `/v1/artifacts/{id}`.
         */
        ArtifactAnswer: {
            /**
             * Announced At
             * Format: date-time
             */
            announced_at: string;
            /** Id */
            id: string;
            /** Licence */
            licence: string | null;
            /** Made By */
            made_by: string;
            /** Media Type */
            media_type: string;
            /** Name */
            name: string;
            /** Origin */
            origin: string;
            /** Size */
            size: number;
            /** Step */
            step: string;
            /** Type */
            type: string;
        };
        /**
         * AssetAnswer
         * @description The same with the run that has it.
         */
        AssetAnswer: {
            /**
             * Announced At
             * Format: date-time
             */
            announced_at: string;
            /** Id */
            id: string;
            /** Licence */
            licence: string | null;
            /** Made By */
            made_by: string;
            /** Media Type */
            media_type: string;
            /** Name */
            name: string;
            /** Origin */
            origin: string;
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
            /** Size */
            size: number;
            /** Step */
            step: string;
            /** Type */
            type: string;
        };
        /**
         * AssetKind
         * @description What somebody sees of it.
         * @enum {string}
         */
        AssetKind: "film" | "picture" | "sound" | "text";
        /**
         * Begun
         * @description The run that was started.
         */
        Begun: {
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
        };
        /**
         * BudgetAnswer
         * @description Money of a run, a day (UTC) or all time (`total`).
         */
        BudgetAnswer: {
            /**
             * Allotted Usd
             * @description Given out; counts against the cap.
             */
            allotted_usd: number | string;
            /** Cap Usd */
            cap_usd: number | string | null;
            /** Of */
            of: string;
            /**
             * Reserved Usd
             * @description Of that, set aside for steps under way.
             */
            reserved_usd: number | string;
            /**
             * Spent Usd
             * @description Of that, booked.
             */
            spent_usd: number | string;
        };
        /**
         * BulkFilter
         * @description Which runs; all that is said has to hold.
         */
        BulkFilter: {
            /** Created After */
            created_after?: string | null;
            /** Created Before */
            created_before?: string | null;
            /** Created By */
            created_by?: string | null;
            /** Degraded */
            degraded?: boolean | null;
            /** Ids */
            ids?: string[] | null;
            /** Max Seconds */
            max_seconds?: number | null;
            /**
             * Min Seconds
             * @description From a run's start to its end, or now.
             */
            min_seconds?: number | null;
            /** Session Id */
            session_id?: string | null;
            /**
             * Status
             * @description Without it, and without `ids`: those the action makes sense for.
             */
            status?: components["schemas"]["RunStatus"][] | null;
            /** Workflow */
            workflow?: string | null;
        };
        /**
         * BulkNote
         * @description Why nothing is to be done about all of these.
         * @example {
         *       "note": "They were sent while it was being moved.",
         *       "service": "editor"
         *     }
         */
        BulkNote: {
            /** Capability */
            capability?: string | null;
            /**
             * Nobodys
             * @default false
             */
            nobodys: boolean;
            /** Note */
            note: string;
            /** Run Id */
            run_id?: string | null;
            /** Service */
            service?: string | null;
        };
        /**
         * BulkOutcome
         * @description What became of one run.
         * @enum {string}
         */
        BulkOutcome: "would" | "changed" | "unchanged" | "refused";
        /**
         * BulkRequest
         * @description What to do, and with which runs.
         * @example {
         *       "action": "cancel",
         *       "dry_run": true,
         *       "filter": {
         *         "workflow": "short_video"
         *       }
         *     }
         */
        BulkRequest: {
            /** Action */
            action: components["schemas"]["Action"] | ("fork" | "migrate");
            /**
             * Dry Run
             * @description Only say which runs it would be done to, and what would change.
             * @default false
             */
            dry_run: boolean;
            filter: components["schemas"]["BulkFilter"];
            /** @description For `fork`, and only for it: what each new run is. */
            fork?: components["schemas"]["ForkRequest"] | null;
            /**
             * Limit
             * @description The newest first; ask again for more.
             * @default 1000
             */
            limit: number;
        };
        /**
         * BulkResult
         * @description One run.
         */
        BulkResult: {
            /** Detail */
            detail?: string | null;
            /** Error */
            error?: string | null;
            /**
             * Forked To
             * @description The new run, for `fork`.
             */
            forked_to?: string | null;
            outcome: components["schemas"]["BulkOutcome"];
            /** @description What it changes for the run, for `migrate`. */
            report?: components["schemas"]["MigrationReport"] | null;
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
            /**
             * Status
             * @description As it shows now; null for a run that is not there.
             */
            status: string | null;
        };
        /**
         * By
         * @description What money is added up by. `model` is who made what the step made: a model, a voice, a renderer.
         * @enum {string}
         */
        By: "day" | "workflow" | "user" | "run" | "agent" | "model";
        /**
         * CatchUp
         * @description What a schedule does about instants that passed while nobody looked.
         * @enum {string}
         */
        CatchUp: "skip" | "last" | "all";
        /**
         * ChangeAnswer
         * @description A service came or went.
         */
        ChangeAnswer: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            status: components["schemas"]["Presence"];
        };
        /**
         * Checkpoint
         * @description A node ended here.
         */
        Checkpoint: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * Checkpoint Id
             * @description The run and the number of the entry in its history.
             */
            checkpoint_id: string;
            /** Next */
            next: string[];
            /** Node */
            node: string;
            /**
             * Values
             * @description `state`, `output` and `decision`; `output` is null where a later visit has replaced it.
             */
            values: {
                [key: string]: unknown;
            };
        };
        /**
         * Comment
         * @description Why.
         * @example {
         *       "comment": "Too long; cut the end."
         *     }
         */
        Comment: {
            /** Comment */
            comment: string;
            /** Interrupt Id */
            interrupt_id?: string | null;
            /**
             * Manifest Sha256
             * @description What you saw; another content is refused.
             */
            manifest_sha256?: string | null;
        };
        /**
         * Conversation
         * @description A conversation in a list. Only the person whose it is sees it.
         */
        Conversation: {
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
             * Opened With
             * @description Its first sentence.
             */
            opened_with: string;
            /** Turns */
            turns: number;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * CostsAnswer
         * @description What the runs that began in the period cost so far.
         * @example {
         *       "by": "agent",
         *       "is_whole": true,
         *       "rest_usd": "0.050000",
         *       "runs": 4,
         *       "shares": [
         *         {
         *           "cost_usd": "1.200000",
         *           "name": "writer",
         *           "runs": 4,
         *           "title": "writer"
         *         }
         *       ],
         *       "since": "2026-11-01T00:00:00Z",
         *       "total_usd": "1.250000"
         *     }
         */
        CostsAnswer: {
            by: components["schemas"]["By"];
            /**
             * Is Whole
             * @description False: there were more runs than are added up, and the oldest are left out.
             */
            is_whole: boolean;
            /**
             * Rest Usd
             * @description Of the total, what is in no share: smaller ones, steps that failed, work that was stopped.
             */
            rest_usd: number | string;
            /**
             * Runs
             * @description Runs that cost anything.
             */
            runs: number;
            /**
             * Shares
             * @description The largest first; days in order, those without cost left out.
             */
            shares: components["schemas"]["orchestrator__api__insights__ShareAnswer"][];
            /**
             * Since
             * Format: date-time
             */
            since: string;
            /** Total Usd */
            total_usd: number | string;
        };
        /**
         * Death
         * @description Why a message was given up.
         * @enum {string}
         */
        Death: "unreadable" | "poison" | "broke";
        /**
         * Decision
         * @description What a person said at a gate.
         * @enum {string}
         */
        Decision: "approved" | "changes_requested" | "rejected";
        /**
         * DecisionRequest
         * @description A decision on the gate a run waits at. Who decides is in the token, not here.
         * @example {
         *       "approved": true,
         *       "comment": "Good."
         *     }
         */
        DecisionRequest: {
            /**
             * Accepts Downgrades
             * @description With an approval: the codes of all that the run fell back to, as the item lists them.
             * @default []
             */
            accepts_downgrades: string[];
            /**
             * Approved
             * @default true
             */
            approved: boolean;
            /**
             * Comment
             * @default
             */
            comment: string;
            /**
             * Data
             * @description JSON merge patch: approve with these edits.
             */
            data?: {
                [key: string]: unknown;
            } | null;
            /**
             * Interrupt Id
             * @description The gate meant; needed only to be safe.
             */
            interrupt_id?: string | null;
            /**
             * Manifest Sha256
             * @description What you saw; another content is refused.
             */
            manifest_sha256?: string | null;
        };
        /**
         * Deed
         * @description Something that was done, through the route that everybody uses.
         */
        Deed: {
            decision?: components["schemas"]["Decision"] | null;
            /**
             * Did
             * @enum {string}
             */
            did: "started" | "decided" | "cancelled";
            /** Item Id */
            item_id?: string | null;
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
        };
        /**
         * DrillAnswer
         * @description A drill that was kept.
         * @example {
         *       "audit_problems": 0,
         *       "commit": "7dbf142123fb",
         *       "kills": 10,
         *       "lost": 0,
         *       "machine": "2 cores",
         *       "recovery_p50_ms": 800,
         *       "recovery_p99_ms": 4100,
         *       "repeated": 0,
         *       "runs": 200,
         *       "stuck": 0,
         *       "targets": {
         *         "orchestrator": 10
         *       },
         *       "took_ms": 61000
         *     }
         */
        DrillAnswer: {
            /**
             * At
             * Format: date-time
             * @description When it was over.
             */
            at: string;
            /**
             * Audit Problems
             * @description What the audit chain's own verification complained about.
             */
            audit_problems: number;
            /**
             * Commit
             * @description Of the clone it was started from; `+changes` when files differed from it.
             */
            commit: string;
            /**
             * Findings
             * @description The first of what must not be.
             * @default []
             */
            findings: string[];
            /** Kills */
            kills: number;
            /**
             * Lost
             * @description Runs that did not come to their end.
             */
            lost: number;
            /** Machine */
            machine: string;
            /**
             * Name
             * @description The tenant it ran in.
             */
            name: string;
            /**
             * Passed
             * @description Whether nothing was lost, repeated or stuck, and the audit chain verified.
             */
            passed: boolean;
            /**
             * Recovery P50 Ms
             * @description From a kill until every run moves; null when none did.
             */
            recovery_p50_ms: number | null;
            /** Recovery P99 Ms */
            recovery_p99_ms: number | null;
            /**
             * Repeated
             * @description Effects outside that happened more than once.
             */
            repeated: number;
            /**
             * Runs
             * @description How many went on meanwhile.
             */
            runs: number;
            /**
             * Stuck
             * @description Runs that stood still though there was work to do.
             */
            stuck: number;
            /**
             * Targets
             * @description What was killed, and how often.
             */
            targets: {
                [key: string]: number;
            };
            /** Took Ms */
            took_ms: number;
        };
        /**
         * DrillResult
         * @description What a drill came to. The words are explained in docs/drill.md.
         * @example {
         *       "audit_problems": 0,
         *       "commit": "7dbf142123fb",
         *       "kills": 10,
         *       "lost": 0,
         *       "machine": "2 cores",
         *       "recovery_p50_ms": 800,
         *       "recovery_p99_ms": 4100,
         *       "repeated": 0,
         *       "runs": 200,
         *       "stuck": 0,
         *       "targets": {
         *         "orchestrator": 10
         *       },
         *       "took_ms": 61000
         *     }
         */
        DrillResult: {
            /**
             * Audit Problems
             * @description What the audit chain's own verification complained about.
             */
            audit_problems: number;
            /**
             * Commit
             * @description Of the clone it was started from; `+changes` when files differed from it.
             */
            commit: string;
            /**
             * Findings
             * @description The first of what must not be.
             * @default []
             */
            findings: string[];
            /** Kills */
            kills: number;
            /**
             * Lost
             * @description Runs that did not come to their end.
             */
            lost: number;
            /** Machine */
            machine: string;
            /**
             * Recovery P50 Ms
             * @description From a kill until every run moves; null when none did.
             */
            recovery_p50_ms: number | null;
            /** Recovery P99 Ms */
            recovery_p99_ms: number | null;
            /**
             * Repeated
             * @description Effects outside that happened more than once.
             */
            repeated: number;
            /**
             * Runs
             * @description How many went on meanwhile.
             */
            runs: number;
            /**
             * Stuck
             * @description Runs that stood still though there was work to do.
             */
            stuck: number;
            /**
             * Targets
             * @description What was killed, and how often.
             */
            targets: {
                [key: string]: number;
            };
            /** Took Ms */
            took_ms: number;
        };
        /**
         * EstimateAnswer
         * @description The steps, and the sum of what is known of them.
         */
        EstimateAnswer: {
            /**
             * Cost Unknown For
             * @description Steps the sum leaves out.
             */
            cost_unknown_for: string[];
            /** Duration Unknown For */
            duration_unknown_for: string[];
            /** Known Cost Usd */
            known_cost_usd: number | string;
            /**
             * Known Duration Ms
             * @description One after another; what runs side by side takes less.
             */
            known_duration_ms: number;
            /**
             * Runs Looked At
             * @description Measured are the answers in at most this many of the tenant's last runs.
             */
            runs_looked_at: number;
            /** Steps */
            steps: components["schemas"]["StepEstimateAnswer"][];
            /** Workflow */
            workflow: string;
        };
        /**
         * EstimateRequest
         * @description What would be run, and on what.
         */
        EstimateRequest: {
            /**
             * Input
             * @example {
             *       "brief": "How tides work"
             *     }
             */
            input: {
                [key: string]: unknown;
            };
            /**
             * Workflow
             * @default short_video
             */
            workflow: string;
        };
        /**
         * Failure
         * @description Why a run failed, in the words a person needs.
         */
        Failure: {
            /** Code */
            code: string;
            /**
             * Cost Usd Micros
             * @default 0
             */
            cost_usd_micros: number;
            /** Detail */
            detail: string;
            /** Extra */
            extra?: {
                [key: string]: unknown;
            };
            /** Kept */
            kept?: string[];
            /** Next Action */
            next_action: string;
            /** Stage */
            stage: string;
        };
        /**
         * FilmCard
         * @description A run that the answer speaks of.
         */
        FilmCard: {
            /** Brief */
            brief: string | null;
            /** Cost Usd */
            cost_usd: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Current Step */
            current_step: string | null;
            /** Degraded */
            degraded: boolean;
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
            /** Status */
            status: string;
            /** Workflow */
            workflow: string;
        };
        /**
         * Filter
         * @description Which letters. At least the state is always given: those that are open.
         * @example {
         *       "capability": "ideation.propose_ideas"
         *     }
         */
        Filter: {
            /** Capability */
            capability?: string | null;
            /**
             * Nobodys
             * @default false
             */
            nobodys: boolean;
            /** Run Id */
            run_id?: string | null;
            /** Service */
            service?: string | null;
        };
        /**
         * ForkRequest
         * @description Where the new run begins, and what is to be different.
         * @example {
         *       "from_step": "production",
         *       "input": {
         *         "target_seconds": 30
         *       }
         *     }
         */
        ForkRequest: {
            /**
             * Definition
             * @description The version the other run goes by, or the one that is started now.
             * @default same
             * @enum {string}
             */
            definition: "same" | "current";
            /**
             * From Step
             * @description One of the workflow's outermost steps.
             */
            from_step: string;
            /**
             * Input
             * @description JSON merge patch of the other run's input.
             */
            input?: {
                [key: string]: unknown;
            } | null;
            /**
             * With
             * @description Members that replace what the step is given, once.
             */
            with?: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * Framework
         * @description The libraries in which an operator may have written an agent.
         * @enum {string}
         */
        Framework: "langgraph" | "ag2" | "adk";
        /**
         * FunnelAnswer
         * @description How far runs came, from the brief to the last step.
         * @example {
         *       "began": 12,
         *       "is_whole": true,
         *       "since": "2026-11-01T00:00:00Z",
         *       "stages": [
         *         {
         *           "ended": 0,
         *           "here": 1,
         *           "kind": "run",
         *           "passed": 11,
         *           "step": "ideation"
         *         }
         *       ],
         *       "workflow": "short_video"
         *     }
         */
        FunnelAnswer: {
            /** Began */
            began: number;
            /**
             * Is Whole
             * @description False: there were more runs than are looked at, and the oldest are left out.
             */
            is_whole: boolean;
            /**
             * Since
             * Format: date-time
             */
            since: string;
            /** Stages */
            stages: components["schemas"]["StageAnswer"][];
            /** Workflow */
            workflow: string;
        };
        /**
         * GraphInterrupt
         * @description What the run waits for. Answer it by its id.
         */
        GraphInterrupt: {
            /** Gate */
            gate: string | null;
            /** Id */
            id: string;
            /**
             * Kind
             * @description `hitl` for a gate, `webhook` for a vendor or another signal.
             */
            kind: string;
            /** Node */
            node: string;
            /**
             * Payload
             * @description What the history says about it. A gate's content is in the airlock.
             */
            payload: {
                [key: string]: unknown;
            };
        };
        /**
         * GraphRun
         * @description A run. Its thread is itself.
         */
        GraphRun: {
            /** @description The first of `interrupts`. */
            interrupt: components["schemas"]["GraphInterrupt"] | null;
            /** Interrupts */
            interrupts: components["schemas"]["GraphInterrupt"][];
            /** Next */
            next: string[];
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
            state: components["schemas"]["VideoWorkflowState"];
            /** Status */
            status: string;
            /**
             * Thread Id
             * Format: uuid
             */
            thread_id: string;
        };
        /**
         * GraphState
         * @description Where the graph stands.
         */
        GraphState: {
            /** Interrupts */
            interrupts: components["schemas"]["GraphInterrupt"][];
            /**
             * Next
             * @description The nodes that are under way, else the one that comes; empty at the end.
             */
            next: string[];
            state: components["schemas"]["VideoWorkflowState"];
        };
        /**
         * Handled
         * @description A letter, and whether this request did something about it: a repeat changes nothing.
         */
        Handled: {
            /** Changed */
            changed: boolean;
            letter: components["schemas"]["LetterAnswer"];
        };
        /**
         * HeldCard
         * @description Something that waits for a decision.
         */
        HeldCard: {
            /**
             * Due At
             * Format: date-time
             */
            due_at: string;
            /** Gate */
            gate: string;
            /**
             * Item Id
             * Format: uuid
             */
            item_id: string;
            /** Manifest Sha256 */
            manifest_sha256: string;
            /** Risk */
            risk: number;
            /** Run Id */
            run_id: string | null;
            /** Title */
            title: string;
            /** Verdict */
            verdict: string;
        };
        /**
         * HistoryAnswer
         * @description One entry of a run's history.
         */
        HistoryAnswer: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Data */
            data: {
                [key: string]: unknown;
            };
            /** Seq */
            seq: number;
            /** Type */
            type: string;
        };
        /**
         * Interrupt
         * @description What a run waits for.
         */
        Interrupt: {
            /** Gate */
            gate?: string | null;
            /**
             * Id
             * @description The airlock item, or the handle waited for.
             */
            id: string;
            /**
             * Kind
             * @description `hitl` for a gate, `webhook` for a vendor or another signal.
             */
            kind: string;
            /** Step */
            step: string;
        };
        /**
         * Kind
         * @description The few things that can be asked of the supervisor.
         * @enum {string}
         */
        Kind: "start" | "status" | "list" | "waiting" | "decide" | "cancel" | "confirm" | "drop" | "help" | "unknown";
        /**
         * LetterAnswer
         * @description A message that was given up.
         */
        LetterAnswer: {
            /** Attempt */
            attempt: number | null;
            /** Capability */
            capability: string | null;
            code: components["schemas"]["Death"];
            /**
             * First Seen
             * Format: date-time
             */
            first_seen: string;
            /** Handled At */
            handled_at: string | null;
            /** Handled By */
            handled_by: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Last Seen
             * Format: date-time
             */
            last_seen: string;
            /** Note */
            note: string | null;
            /** Reason */
            reason: string;
            /** Run Id */
            run_id: string | null;
            /**
             * Service
             * @description Who gave it up.
             */
            service: string;
            state: components["schemas"]["LetterState"];
            /** Step */
            step: string | null;
            /** Subject */
            subject: string;
            /**
             * Times
             * @description How often it was given up.
             */
            times: number;
        };
        /**
         * LetterState
         * @description What a person did about a dead letter. One that comes again is open again.
         * @enum {string}
         */
        LetterState: "open" | "redriven" | "resolved";
        /**
         * LimitAnswer
         * @description A limit and its use now. Steps or dollars, as its kind says.
         */
        LimitAnswer: {
            /** At Most */
            at_most?: number | null;
            /** At Most Usd */
            at_most_usd?: number | string | null;
            /** In Use */
            in_use?: number | null;
            /**
             * In Use Usd
             * @description Given to runs; what they do not spend comes back.
             */
            in_use_usd?: number | string | null;
            kind: components["schemas"]["LimitKind"];
            /** Name */
            name: string;
        };
        /**
         * LimitKind
         * @description What a tenant may be held to: steps at work at once, or money.
         * @enum {string}
         */
        LimitKind: "steps" | "steps_of_workflow" | "steps_of_capability" | "usd_micros_of_a_run" | "usd_micros_of_a_day" | "usd_micros_in_total";
        /**
         * LimitRequest
         * @description A limit: `at_most` steps at work at once, or `at_most_usd` dollars.
         * @example {
         *       "at_most_usd": "25",
         *       "kind": "usd_micros_of_a_day"
         *     }
         */
        LimitRequest: {
            /**
             * At Most
             * @description Steps.
             */
            at_most?: number | null;
            /** At Most Usd */
            at_most_usd?: number | string | null;
            kind: components["schemas"]["LimitKind"];
            /**
             * Name
             * @description The workflow or capability, for the kinds that name one.
             * @default
             */
            name: string;
        };
        /**
         * MigrateRequest
         * @description Whether only to say what would be.
         * @example {
         *       "dry_run": true
         *     }
         */
        MigrateRequest: {
            /**
             * Dry Run
             * @description Change nothing, and refuse nothing: only report.
             * @default false
             */
            dry_run: boolean;
        };
        /**
         * MigrationAnswer
         * @description What moving the run would change, or has changed.
         */
        MigrationAnswer: {
            /**
             * Applied
             * @description False for a dry run, and for a run that goes by that version already.
             */
            applied: boolean;
            report: components["schemas"]["MigrationReport"];
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
        };
        /**
         * MigrationReport
         * @description What moving a run to another definition would do.
         */
        MigrationReport: {
            /** Changes */
            changes: components["schemas"]["StepChange"][];
            /** From Digest */
            from_digest: string;
            /** Obstacles */
            obstacles: string[];
            /** Possible */
            possible: boolean;
            /** To Digest */
            to_digest: string;
        };
        /**
         * NodeError
         * @description Something that went wrong for good.
         */
        NodeError: {
            /** Code */
            code: string;
            /** Detail */
            detail: string;
            /** Node */
            node: string;
        };
        /**
         * Note
         * @description Why nothing is to be done.
         * @example {
         *       "note": "The client has withdrawn the order."
         *     }
         */
        Note: {
            /** Note */
            note: string;
        };
        /**
         * BulkAnswer
         * @description What was done to many. `more`: there were more than are treated at once; ask again.
         */
        orchestrator__api__dead_letters__BulkAnswer: {
            /** Done */
            done: string[];
            /** More */
            more: boolean;
            /** Refused */
            refused: components["schemas"]["orchestrator__api__dead_letters__Refusal"][];
        };
        /**
         * Refusal
         * @description A letter that it could not be done to.
         */
        orchestrator__api__dead_letters__Refusal: {
            /** Detail */
            detail: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
        };
        /**
         * ShareAnswer
         * @description Money under one name.
         */
        orchestrator__api__insights__ShareAnswer: {
            /** Cost Usd */
            cost_usd: number | string;
            /**
             * Name
             * @description A day, a workflow, a user, a run, an agent, or a maker; empty: nobody is named.
             */
            name: string;
            /** Runs */
            runs: number;
            /**
             * Title
             * @description The same for people: of a run its brief.
             */
            title: string;
        };
        /**
         * ShareAnswer
         * @description One share.
         */
        orchestrator__api__shares__ShareAnswer: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            level: components["schemas"]["ShareLevel"];
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
            /**
             * Shared At
             * Format: date-time
             */
            shared_at: string;
            /** Shared By */
            shared_by: string;
            /** Who */
            who: string;
        };
        /**
         * BulkAnswer
         * @description What became of each.
         */
        orchestrator__bulk__BulkAnswer: {
            /** Action */
            action: components["schemas"]["Action"] | ("fork" | "migrate");
            /** Counts */
            counts: {
                [key: string]: number;
            };
            /** Dry Run */
            dry_run: boolean;
            /**
             * Matched
             * @description How many of `results` there are; more may match when `more` says so.
             */
            matched: number;
            /**
             * More
             * @description Where runs have to be looked into, as for `degraded`, also when a thousand were.
             */
            more: boolean;
            /** Results */
            results: components["schemas"]["BulkResult"][];
        };
        /**
         * Refusal
         * @description A route said no, as it would have to the speaker's own request.
         */
        orchestrator__chat__shapes__Refusal: {
            /** Detail */
            detail: string;
            /** Error */
            error: string;
            /** Status */
            status: number;
        };
        /**
         * OrderAnswer
         * @description One attempt of a step, or of a part of it, as its worker got it.
         */
        OrderAnswer: {
            agent: components["schemas"]["AgentSpec"] | null;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Attempt */
            attempt: number;
            /** Capability */
            capability: string;
            /**
             * Input
             * @description What the capability was given. Null when that is gone: it is kept for 7 days, and not at all once the run's author was forgotten.
             */
            input: {
                [key: string]: unknown;
            } | null;
            /**
             * Place
             * @description Which part of the step it is of; null: the step itself.
             */
            place: string | null;
            /**
             * Seq
             * @description Of its `agent.started` in the run's history.
             */
            seq: number;
            /**
             * Step Id
             * Format: uuid
             */
            step_id: string;
        };
        /**
         * Origin
         * @description Who made the bytes: a vendor for real, a stand-in that says so, or a person.
         * @enum {string}
         */
        Origin: "real" | "sandbox" | "offline" | "upload";
        /**
         * Overlap
         * @description Whether a schedule starts a run while one of its own is still under way.
         * @enum {string}
         */
        Overlap: "allow" | "skip";
        /** Page[AssetAnswer] */
        Page_AssetAnswer_: {
            /** Items */
            items: components["schemas"]["AssetAnswer"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /** Page[Conversation] */
        Page_Conversation_: {
            /** Items */
            items: components["schemas"]["Conversation"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /** Page[LetterAnswer] */
        Page_LetterAnswer_: {
            /** Items */
            items: components["schemas"]["LetterAnswer"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /** Page[RunAnswer] */
        Page_RunAnswer_: {
            /** Items */
            items: components["schemas"]["RunAnswer"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /** Page[ScheduleAnswer] */
        Page_ScheduleAnswer_: {
            /** Items */
            items: components["schemas"]["ScheduleAnswer"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /** Page[TaskAnswer] */
        Page_TaskAnswer_: {
            /** Items */
            items: components["schemas"]["TaskAnswer"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * Presence
         * @description Whether a service is heard.
         * @enum {string}
         */
        Presence: "up" | "down";
        /**
         * Priority
         * @description How urgent a run is, among those of its tenant.
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
         * Proposal
         * @description What would be done, and on what exactly. It lasts until the next sentence, and is done only by its code.
         */
        Proposal: {
            /**
             * Accepts Downgrades
             * @description Codes that an approval accepts; who confirms has to name them.
             * @default []
             */
            accepts_downgrades: string[];
            act: components["schemas"]["Act"];
            /**
             * Comment
             * @default
             */
            comment: string;
            /**
             * Confirm With
             * @description The words that do it, such as `confirm 1a2b3c4d`.
             * @example confirm 1a2b3c4d
             */
            confirm_with: string;
            decision?: components["schemas"]["Decision"] | null;
            /** Item Id */
            item_id?: string | null;
            /**
             * Manifest Sha256
             * @description The hash of what was shown; if something else is held by then, nothing is decided.
             */
            manifest_sha256?: string | null;
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
            /**
             * Shows
             * @description What would go out, or be ended.
             * @default {}
             */
            shows: {
                [key: string]: unknown;
            };
        };
        /**
         * QueueAnswer
         * @description What waits for one reader of a stream, and what it is at, in all tenants together.
         */
        QueueAnswer: {
            /**
             * Backlog
             * @description Steps that are ready and not handed out; only what agents take has one.
             */
            backlog: number | null;
            /** Last Taken */
            last_taken: string | null;
            /**
             * Name
             * @description The service that reads it and what it reads, such as `editor-render`.
             */
            name: string;
            /**
             * Redelivered
             * @description Of those under way, how many were taken before and not finished.
             */
            redelivered: number;
            /** Service */
            service: string;
            /** Stream */
            stream: string;
            /**
             * Under Way
             * @description Messages that were taken and are not done.
             */
            under_way: number;
            /**
             * Waiting
             * @description Messages that nobody has taken yet.
             */
            waiting: number;
        };
        /**
         * Received
         * @description What a delivery is answered. A repeat is answered the same.
         */
        Received: {
            /**
             * Status
             * @enum {string}
             */
            status: "accepted" | "ignored";
        };
        /**
         * Reply
         * @description What the supervisor answers. `text` is plain text: titles and briefs in it are other people's words.
         */
        Reply: {
            deed?: components["schemas"]["Deed"] | null;
            /**
             * Films
             * @default []
             */
            films: components["schemas"]["FilmCard"][];
            /**
             * Held
             * @default []
             */
            held: components["schemas"]["HeldCard"][];
            proposal?: components["schemas"]["Proposal"] | null;
            /**
             * Read By
             * @description Who understood the sentence: `rules`, or a model by its name.
             * @default rules
             */
            read_by: string;
            refusal?: components["schemas"]["orchestrator__chat__shapes__Refusal"] | null;
            /** Text */
            text: string;
            understood: components["schemas"]["Kind"];
        };
        /**
         * ResumeRequest
         * @description What is answered, and how.
         * @example {
         *       "approved": true,
         *       "comment": "Good."
         *     }
         */
        ResumeRequest: {
            /**
             * Accepts Downgrades
             * @description With an approval: the codes of all that the run fell back to, as the item lists them.
             * @default []
             */
            accepts_downgrades: string[];
            /**
             * Action
             * @description `auto`: try a run again that failed, else as without it. `repair-…`: only the former; what ended well is kept. `fork-from-clips`: a new run that begins at `editing`.
             */
            action?: ("auto" | "repair-videos" | "repair-render" | "fork-from-clips") | null;
            /**
             * Approved
             * @description At a gate; it has to be said.
             */
            approved?: boolean | null;
            /**
             * Comment
             * @default
             */
            comment: string;
            /**
             * Data
             * @description At a gate an edit; else what the signal carries.
             */
            data?: {
                [key: string]: unknown;
            } | null;
            /** Interrupt Id */
            interrupt_id?: string | null;
        };
        /**
         * RunAnswer
         * @description A run, as people see it.
         */
        RunAnswer: {
            /**
             * Cost Usd
             * @description What its steps and the runs it started have cost so far.
             */
            cost_usd: number | string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Current Step */
            current_step: string | null;
            /**
             * Definition Digest
             * @description The version of the workflow it goes by.
             */
            definition_digest: string;
            /** Degraded */
            degraded: boolean;
            /**
             * Depth
             * @description How many runs are above this one.
             */
            depth: number;
            /** Downgrades */
            downgrades: {
                [key: string]: unknown;
            }[];
            error: components["schemas"]["Failure"] | null;
            /** Finished At */
            finished_at: string | null;
            /** Forked From */
            forked_from: string | null;
            /** Input */
            input: {
                [key: string]: unknown;
            };
            /** Interrupts */
            interrupts: components["schemas"]["Interrupt"][];
            /** Last Seq */
            last_seq: number;
            /**
             * Legal Hold
             * @description Nothing of it may be deleted. Only said of a run that is asked for by its id.
             */
            legal_hold?: boolean | null;
            /**
             * Origins
             * @description `offline` where a stand-in made something, and says so.
             */
            origins: string[];
            /**
             * Output
             * @description What the workflow gives, once the run is completed.
             */
            output: unknown;
            /**
             * Parent Run Id
             * @description The run of which a step started this one.
             */
            parent_run_id: string | null;
            priority: components["schemas"]["Priority"];
            /** Rejection */
            rejection: string | null;
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
            /** Session Id */
            session_id: string | null;
            /**
             * State
             * @description The status of the state machine.
             */
            state: string;
            /**
             * Status
             * @description The status, or the name its step gives to it while it waits.
             */
            status: string;
            /**
             * Unknown Usd
             * @description Of the cost, what calls may have cost at most whose outcome nobody knows.
             */
            unknown_usd: number | string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            visibility: components["schemas"]["Visibility"];
            /** Workflow */
            workflow: string;
        };
        /**
         * RunBudgetRequest
         * @description A run's own cap; null takes it away. The tenant's caps count besides.
         * @example {
         *       "budget_usd": "5"
         *     }
         */
        RunBudgetRequest: {
            /** Budget Usd */
            budget_usd: number | string | null;
        };
        /**
         * RunStatus
         * @description What a run is doing. `degraded` is a flag beside it, never a status.
         * @enum {string}
         */
        RunStatus: "pending" | "running" | "waiting" | "paused" | "completed" | "failed" | "rejected" | "cancelled";
        /**
         * ScheduleAnswer
         * @description A schedule.
         */
        ScheduleAnswer: {
            /** Budget Usd */
            budget_usd: number | string | null;
            catch_up: components["schemas"]["CatchUp"];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Cron */
            cron: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Input */
            input: {
                [key: string]: unknown;
            };
            /** Name */
            name: string;
            /**
             * Next At
             * @description When it starts a run next; null while it is paused.
             */
            next_at: string | null;
            overlap: components["schemas"]["Overlap"];
            /** Paused */
            paused: boolean;
            priority: components["schemas"]["Priority"];
            /** Timezone */
            timezone: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Workflow */
            workflow: string;
        };
        /**
         * ScheduleChange
         * @description What is to be different; what is left out stays.
         * @example {
         *       "cron": "0 7 * * *",
         *       "timezone": "Europe/Berlin"
         *     }
         */
        ScheduleChange: {
            /** Budget Usd */
            budget_usd?: number | string | null;
            catch_up?: components["schemas"]["CatchUp"] | null;
            /** Cron */
            cron?: string | null;
            /** Input */
            input?: {
                [key: string]: unknown;
            } | null;
            /** Name */
            name?: string | null;
            overlap?: components["schemas"]["Overlap"] | null;
            /** Paused */
            paused?: boolean | null;
            priority?: components["schemas"]["Priority"] | null;
            /** Timezone */
            timezone?: string | null;
            /** Workflow */
            workflow?: string | null;
        };
        /**
         * ScheduleRequest
         * @description What to start, and when.
         */
        ScheduleRequest: {
            /**
             * Budget Usd
             * @description The cap of each run.
             */
            budget_usd?: number | string | null;
            /**
             * @description What is done about instants that passed while the studio was down: nothing, one run for the last of them, or a run for each (the newest 100).
             * @default last
             */
            catch_up: components["schemas"]["CatchUp"];
            /**
             * Cron
             * @description Minute, hour, day, month, weekday.
             * @example 30 6 * * MON-FRI
             */
            cron: string;
            /**
             * Input
             * @example {
             *       "brief": "How tides work",
             *       "target_seconds": 20
             *     }
             */
            input: {
                [key: string]: unknown;
            };
            /**
             * Name
             * @example Morning film
             */
            name: string;
            /**
             * @description `skip`: not while a run of it is still under way.
             * @default allow
             */
            overlap: components["schemas"]["Overlap"];
            /**
             * Paused
             * @default false
             */
            paused: boolean;
            /** @default medium */
            priority: components["schemas"]["Priority"];
            /**
             * Timezone
             * @default UTC
             * @example Europe/Berlin
             */
            timezone: string;
            /**
             * Workflow
             * @default short_video
             */
            workflow: string;
        };
        /**
         * SeedStart
         * @description The body the seeds' clients send to `/v1/runs/start`.
         * @example {
         *       "brief": "How tides work",
         *       "workflow": "short_video"
         *     }
         */
        SeedStart: {
            /** Brief */
            brief: string;
            /** Project */
            project?: string | null;
            /** Telegram Chat Id */
            telegram_chat_id?: string | null;
            /** User Id */
            user_id?: string | null;
            /** @default tenant */
            visibility: components["schemas"]["Visibility"];
            /** Workflow */
            workflow?: string | null;
        };
        /**
         * ServiceAnswer
         * @description A service as its heartbeats tell.
         */
        ServiceAnswer: {
            /**
             * Capabilities
             * @description How many steps of each it can work on at once.
             */
            capabilities: {
                [key: string]: number;
            };
            /** Last Heard */
            last_heard: string | null;
            /** Service */
            service: string;
            /**
             * Since
             * Format: date-time
             * @description Since when it is so.
             */
            since: string;
            status: components["schemas"]["Presence"];
            /**
             * Unsent
             * @description Messages that it committed and that are not published yet.
             * @default 0
             */
            unsent: number;
            /**
             * Unsent Since
             * @description When the oldest of these was committed.
             */
            unsent_since?: string | null;
            /**
             * Unwell
             * @description What it leans on that does not answer as it should, and how.
             * @default {}
             */
            unwell: {
                [key: string]: string;
            };
            /**
             * Versions
             * @description Of its processes; more than one while they are being replaced.
             * @default []
             */
            versions: string[];
            /**
             * Workers
             * @description Processes that announced themselves within the last seconds.
             */
            workers: number;
        };
        /**
         * ShareLevel
         * @description What somebody may do about a private run: own it, steer it, or look at it.
         * @enum {string}
         */
        ShareLevel: "owner" | "control" | "read";
        /**
         * ShareRequest
         * @description With whom, and whether they may also steer the run.
         * @example {
         *       "who": "role:publisher"
         *     }
         */
        ShareRequest: {
            /**
             * Level
             * @default read
             * @enum {string}
             */
            level: "read" | "control";
            /**
             * Who
             * @description `user:` and a user id, or `role:` and a role.
             */
            who: string;
        };
        /**
         * SignalAnswer
         * @description `taken`: a step waited for it. `kept`: it is there for a step that will. `known`: one was kept already.
         */
        SignalAnswer: {
            /**
             * Status
             * @enum {string}
             */
            status: "taken" | "kept" | "known";
        };
        /**
         * SignalRequest
         * @description What the waiting step is to be given.
         * @example {
         *       "payload": {
         *         "signed_by": "the legal department"
         *       }
         *     }
         */
        SignalRequest: {
            /** Payload */
            payload?: {
                [key: string]: unknown;
            };
        };
        /**
         * Source
         * @description Where a number comes from.
         * @enum {string}
         */
        Source: "declared" | "measured" | "free" | "unknown";
        /**
         * StageAnswer
         * @description A step, and the runs of the period at it.
         */
        StageAnswer: {
            /**
             * Ended
             * @description Runs that failed, were rejected or cancelled at it.
             */
            ended: number;
            /**
             * Here
             * @description Runs that are at it now.
             */
            here: number;
            /** Kind */
            kind: string;
            /**
             * Passed
             * @description Runs that are past it, or were.
             */
            passed: number;
            /** Step */
            step: string;
        };
        /**
         * StartAnswer
         * @description What became of a due instant.
         */
        StartAnswer: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Detail */
            detail: string | null;
            /**
             * Due At
             * Format: date-time
             */
            due_at: string;
            outcome: components["schemas"]["StartOutcome"];
            /** Run Id */
            run_id: string | null;
        };
        /**
         * Started
         * @description A run that was started, now or by the same key before.
         */
        Started: {
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
            /** Status */
            status: string;
        };
        /**
         * StartOutcome
         * @description What became of a due instant.
         * @enum {string}
         */
        StartOutcome: "started" | "skipped" | "missed" | "refused";
        /**
         * StartRequest
         * @description What to run, and on what.
         */
        StartRequest: {
            /**
             * Budget Usd
             * @description Its own cap.
             */
            budget_usd?: number | string | null;
            /**
             * Input
             * @example {
             *       "brief": "How tides work",
             *       "target_seconds": 20
             *     }
             */
            input: {
                [key: string]: unknown;
            };
            /** @default medium */
            priority: components["schemas"]["Priority"];
            /**
             * Session Id
             * @description A conversation this run belongs to.
             */
            session_id?: string | null;
            /** @default tenant */
            visibility: components["schemas"]["Visibility"];
            /**
             * Workflow
             * @default short_video
             * @example short_video
             */
            workflow: string;
        };
        /**
         * StateAnswer
         * @description Where a run stands, step by step.
         */
        StateAnswer: {
            /** Interrupts */
            interrupts: components["schemas"]["Interrupt"][];
            /** Next */
            next: string[];
            /** Outline */
            outline: components["schemas"]["StepOutline"][];
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
            /** Status */
            status: string;
            /** Steps */
            steps: components["schemas"]["StepAnswer"][];
            /**
             * Trace Url
             * @description Where its trace is shown, if this installation has one.
             */
            trace_url?: string | null;
        };
        /**
         * StepAnswer
         * @description One step of a run.
         */
        StepAnswer: {
            /** Attempt */
            attempt: number;
            /** Children */
            children?: string[] | null;
            /**
             * Cost Usd
             * @description What its present visit has cost, with all that is inside of it.
             */
            cost_usd: number | string;
            /** Decision */
            decision?: {
                [key: string]: unknown;
            } | null;
            /** Id */
            id: string;
            /** Kind */
            kind: string;
            /** Output */
            output?: unknown;
            /** State */
            state: string;
            /** Visit */
            visit: number;
        };
        /**
         * StepChange
         * @description What is different about one step, and what that means for this run.
         */
        StepChange: {
            /**
             * Change
             * @enum {string}
             */
            change: "added" | "removed" | "changed";
            /** Effect */
            effect: string;
            /**
             * Members
             * @description What of it is written differently.
             */
            members?: string[];
            /** Step */
            step: string;
        };
        /**
         * StepEstimateAnswer
         * @description One step, each time it runs. What is not known is null and its source says `unknown`.
         */
        StepEstimateAnswer: {
            /**
             * Capability
             * @description Null for what no worker does: gates, waits and other runs.
             */
            capability: string | null;
            cost_source: components["schemas"]["Source"];
            /** Cost Usd */
            cost_usd: number | string | null;
            /**
             * Duration Ms
             * @description From its order to its answer, waiting for a worker included.
             */
            duration_ms: number | null;
            duration_source: components["schemas"]["Source"];
            /**
             * Samples
             * @description Answers the measured medians are of.
             */
            samples: number;
            /** Step */
            step: string;
            /**
             * Times
             * @description How often, if all goes well; null when the run has to find that out.
             */
            times: number | null;
        };
        /**
         * StepOutline
         * @description A step as its file has it. Those inside of another follow it and name it.
         */
        StepOutline: {
            /**
             * Agent
             * @description One of the workflow's agents.
             */
            agent?: string | null;
            /**
             * At Most
             * @description How often a loop goes round.
             */
            at_most?: number | null;
            /**
             * Block
             * @description In which of that step's blocks; steps of one block follow each other.
             */
            block: string;
            /** Capability */
            capability?: string | null;
            /**
             * Cases
             * @description Block → condition of a branch; null for `else`.
             * @default {}
             */
            cases: {
                [key: string]: string | null;
            };
            /** Id */
            id: string;
            /** Kind */
            kind: string;
            /**
             * Parent
             * @description The step it is inside of.
             */
            parent: string | null;
            /**
             * Reviewers
             * @description Roles and people that a gate's file names, stage by stage; none: whom the tenant says.
             * @default []
             */
            reviewers: string[];
            /**
             * When
             * @description A condition without which the run, or the case of a branch, passes it by.
             */
            when: string | null;
            /**
             * Workflow
             * @description What a subrun starts.
             */
            workflow?: string | null;
        };
        /**
         * SupervisorRequest
         * @description What somebody says to the supervisor.
         * @example {
         *       "message": "Make a 20-second film about how tides work"
         *     }
         */
        SupervisorRequest: {
            /**
             * Conversation Id
             * @description Go on with this one; without it a new one begins.
             */
            conversation_id?: string | null;
            /** Message */
            message: string;
        };
        /**
         * TaskAnswer
         * @description A task, as people see it.
         */
        TaskAnswer: {
            /** Cost Usd */
            cost_usd: number | string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Error */
            error: {
                [key: string]: unknown;
            } | null;
            /** Finished At */
            finished_at: string | null;
            /** Input */
            input: {
                [key: string]: unknown;
            } | null;
            /**
             * Name
             * @description The capability; for a step of a run, the step.
             */
            name: string;
            /** Output */
            output: unknown;
            /** Parent Id */
            parent_id: string | null;
            priority: components["schemas"]["Priority"];
            state: components["schemas"]["TaskState"];
            /**
             * Task Id
             * Format: uuid
             */
            task_id: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * TaskRequest
         * @description What to have done, and with what.
         */
        TaskRequest: {
            /**
             * Budget Usd
             * @description Its own cap.
             */
            budget_usd?: number | string | null;
            /**
             * Capability
             * @example ideation.propose_ideas
             */
            capability: string;
            /**
             * Estimate Usd
             * @description What it may cost; set aside before it begins.
             */
            estimate_usd?: number | string | null;
            /**
             * Input
             * @example {
             *       "brief": "How tides work"
             *     }
             */
            input: {
                [key: string]: unknown;
            };
            /**
             * Parent Id
             * @description The task or run this one belongs to.
             */
            parent_id?: string | null;
            /** @default medium */
            priority: components["schemas"]["Priority"];
        };
        /**
         * TaskState
         * @description Where a task is: it waits for a worker, has one, or is over.
         * @enum {string}
         */
        TaskState: "pending" | "in_progress" | "completed" | "failed" | "cancelled";
        /**
         * Ticket
         * @description A single-use way into the socket, for clients that cannot send headers.
         */
        Ticket: {
            /** Expires In */
            expires_in: number;
            /**
             * Ticket
             * @description Offer `greenlight.ticket.<ticket>` in Sec-WebSocket-Protocol within 30 s.
             */
            ticket: string;
        };
        /**
         * Turn
         * @description One sentence and what was answered; null while it is being thought about, or when that was cut short.
         */
        Turn: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Message */
            message: string;
            /** Number */
            number: number;
            reply: components["schemas"]["Reply"] | null;
        };
        /**
         * TurnAnswer
         * @description One answer and its place.
         */
        TurnAnswer: {
            /**
             * Conversation Id
             * Format: uuid
             */
            conversation_id: string;
            deed?: components["schemas"]["Deed"] | null;
            /**
             * Films
             * @default []
             */
            films: components["schemas"]["FilmCard"][];
            /**
             * Held
             * @default []
             */
            held: components["schemas"]["HeldCard"][];
            /**
             * Number
             * @description Of the turn in its conversation, from 1.
             */
            number: number;
            proposal?: components["schemas"]["Proposal"] | null;
            /**
             * Read By
             * @description Who understood the sentence: `rules`, or a model by its name.
             * @default rules
             */
            read_by: string;
            refusal?: components["schemas"]["orchestrator__chat__shapes__Refusal"] | null;
            /** Text */
            text: string;
            understood: components["schemas"]["Kind"];
        };
        /**
         * Uses
         * @description What of the tenant's names these bytes; at most the first ten of each, private runs without their ids.
         */
        Uses: {
            /**
             * Is Kept
             * @description Whether a run, over or not, has them among its artifacts.
             */
            is_kept: boolean;
            /**
             * Private Runs
             * @description How many of those are private.
             */
            private_runs: number;
            /**
             * Runs
             * @description Runs under way whose input names them, the newest first.
             */
            runs: string[];
            /**
             * Schedules
             * @description Schedules whose runs would name them.
             */
            schedules: string[];
        };
        /**
         * Video
         * @description A video that is being made, or is there.
         */
        Video: {
            /**
             * Chapters
             * @description Always empty: nobody says where they would be.
             */
            chapters: {
                [key: string]: unknown;
            }[];
            /**
             * Duration
             * @description Seconds, as measured.
             */
            duration: number | null;
            error: components["schemas"]["Failure"] | null;
            /** Provider */
            provider: string | null;
            /** Status */
            status: string;
            /**
             * Transcript
             * @description What was to be read.
             */
            transcript: string;
            /**
             * Url
             * @description Where its bytes are, once it is completed; below this origin.
             */
            url: string | null;
            /**
             * Video Id
             * Format: uuid
             * @description The run that makes it.
             */
            video_id: string;
        };
        /**
         * VideoRequest
         * @description What clients of the agent suite before us ask of its video agent.
         * @example {
         *       "duration": 20,
         *       "platform": "tiktok",
         *       "script": "The sea breathes twice a day. The moon pulls it.",
         *       "voice_style": "warm and calm"
         *     }
         */
        VideoRequest: {
            /**
             * Duration
             * @description Seconds.
             * @default 30
             */
            duration: number;
            /**
             * Platform
             * @default youtube_shorts
             * @enum {string}
             */
            platform: "tiktok" | "instagram" | "youtube_shorts" | "youtube" | "linkedin";
            /** Script */
            script: string;
            /**
             * Voice Style
             * @default calm and clear
             */
            voice_style: string;
        };
        /**
         * VideoWorkflowState
         * @description The whole of a run's state, typed. Beyond `errors` it is extension.
         */
        VideoWorkflowState: {
            /** Approvals */
            approvals: components["schemas"]["Approval"][];
            /** Artifacts */
            artifacts: components["schemas"]["ArtifactAnswer"][];
            /**
             * Brief
             * @description Null for a workflow that takes none.
             */
            brief: string | null;
            /** Cost Usd */
            cost_usd: number | string;
            /** Current Node */
            current_node: string | null;
            /** Degraded */
            degraded: boolean;
            /** Errors */
            errors: components["schemas"]["NodeError"][];
            /** Input */
            input: {
                [key: string]: unknown;
            };
            /**
             * Output
             * @description Once it is completed.
             */
            output?: unknown;
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
            /**
             * Status
             * @example awaiting_ideation_approval
             */
            status: string;
            /** Workflow */
            workflow: string;
        };
        /**
         * Visibility
         * @description Who sees a run: everybody of its tenant, or those it is shared with, officers and admins.
         * @enum {string}
         */
        Visibility: "tenant" | "private";
        /**
         * WholeLetter
         * @description The same with what was in it. Secrets are hidden.
         */
        WholeLetter: {
            /** Attempt */
            attempt: number | null;
            /** Body */
            body: unknown;
            /** Capability */
            capability: string | null;
            code: components["schemas"]["Death"];
            /**
             * First Seen
             * Format: date-time
             */
            first_seen: string;
            /** Handled At */
            handled_at: string | null;
            /** Handled By */
            handled_by: string | null;
            /** Headers */
            headers: {
                [key: string]: string;
            };
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Last Seen
             * Format: date-time
             */
            last_seen: string;
            /** Note */
            note: string | null;
            /** Reason */
            reason: string;
            /** Run Id */
            run_id: string | null;
            /**
             * Service
             * @description Who gave it up.
             */
            service: string;
            /** Size */
            size: number;
            state: components["schemas"]["LetterState"];
            /** Step */
            step: string | null;
            /** Subject */
            subject: string;
            /**
             * Times
             * @description How often it was given up.
             */
            times: number;
        };
        /**
         * WholeSchedule
         * @description The same with its next instants and what became of the newest ones.
         */
        WholeSchedule: {
            /** Budget Usd */
            budget_usd: number | string | null;
            catch_up: components["schemas"]["CatchUp"];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Cron */
            cron: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Input */
            input: {
                [key: string]: unknown;
            };
            /** Name */
            name: string;
            /** Next */
            next: string[];
            /**
             * Next At
             * @description When it starts a run next; null while it is paused.
             */
            next_at: string | null;
            overlap: components["schemas"]["Overlap"];
            /** Paused */
            paused: boolean;
            priority: components["schemas"]["Priority"];
            /** Starts */
            starts: components["schemas"]["StartAnswer"][];
            /** Timezone */
            timezone: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Workflow */
            workflow: string;
        };
        /**
         * WorkflowAnswer
         * @description A workflow that may be started, or the reason why it may not.
         */
        WorkflowAnswer: {
            /**
             * Agents
             * @default []
             */
            agents: components["schemas"]["AgentSpec"][];
            /** Description */
            description: string;
            /** Digest */
            digest?: string | null;
            /**
             * Hidden
             * @description Left out of the list unless asked for; it may be started by name.
             * @default false
             */
            hidden: boolean;
            /**
             * Inputs
             * @default {}
             */
            inputs: {
                [key: string]: unknown;
            };
            /** Name */
            name: string;
            /**
             * Outline
             * @default []
             */
            outline: components["schemas"]["StepOutline"][];
            /** Problem */
            problem?: string | null;
            /** Status */
            status: string;
            /**
             * Steps
             * @default []
             */
            steps: string[];
            /** Title */
            title: string;
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
    index_admin_dlq_get: {
        parameters: {
            query?: {
                capability?: string | null;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many at most. */
                limit?: number;
                /** @description Those that name no tenant; for the platform's operators. */
                nobodys?: boolean;
                run_id?: string | null;
                /** @description Who gave it up. */
                service?: string | null;
                state?: components["schemas"]["LetterState"] | null;
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
                    "application/json": components["schemas"]["Page_LetterAnswer_"];
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
    show_admin_dlq__letter_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                letter_id: string;
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
                    "application/json": components["schemas"]["WholeLetter"];
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
    replay_admin_dlq__letter_id__replay_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                letter_id: string;
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
                    "application/json": components["schemas"]["Handled"];
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
    resolve_admin_dlq__letter_id__resolve_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                letter_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Note"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Handled"];
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
    replay_all_admin_dlq_replay_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Filter"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["orchestrator__api__dead_letters__BulkAnswer"];
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
    resolve_all_admin_dlq_resolve_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkNote"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["orchestrator__api__dead_letters__BulkAnswer"];
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
    index_admin_drills_get: {
        parameters: {
            query?: {
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
                    "application/json": components["schemas"]["DrillAnswer"][];
                };
            };
            /** @description No credentials, or none that can be verified. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
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
    keep_admin_drills__drill__put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                drill: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DrillResult"];
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
            /** @description No credentials, or none that can be verified. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
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
    create_compat_agent_os_create_video_content_post: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VideoRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Video"];
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
            /** @description It cannot be understood, or is out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    show_compat_agent_os_create_video_content__video_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                video_id: string;
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
                    "application/json": components["schemas"]["Video"];
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
    index_v1_artifacts_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                kind?: components["schemas"]["AssetKind"] | null;
                /** @description How many at most. */
                limit?: number;
                origin?: components["schemas"]["Origin"] | null;
                q?: string | null;
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
                    "application/json": components["schemas"]["Page_AssetAnswer_"];
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
    download_v1_artifacts__sha256__get: {
        parameters: {
            query?: never;
            header?: {
                "if-none-match"?: string | null;
                "if-range"?: string | null;
                range?: string | null;
            };
            path: {
                sha256: string;
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
                content?: never;
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
            /** @description The range lies outside of it. */
            416: {
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
    uses_v1_artifacts_uses_get: {
        parameters: {
            query: {
                sha256: string;
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
                    "application/json": components["schemas"]["Uses"];
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
    index_v1_budgets_get: {
        parameters: {
            query?: {
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
                    "application/json": components["schemas"]["BudgetAnswer"][];
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
    show_v1_budgets_runs__run_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
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
                    "application/json": components["schemas"]["BudgetAnswer"];
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
    put_v1_budgets_runs__run_id__put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RunBudgetRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BudgetAnswer"];
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
    conversations_v1_chat_conversations_get: {
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
                    "application/json": components["schemas"]["Page_Conversation_"];
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
    turns_v1_chat_conversations__conversation_id__get: {
        parameters: {
            query?: {
                /** @description The number of the turn to go on after. */
                after?: number;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path: {
                conversation_id: string;
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
                    "application/json": components["schemas"]["Turn"][];
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
    forget_v1_chat_conversations__conversation_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conversation_id: string;
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
    say_v1_chat_supervisor_post: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SupervisorRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TurnAnswer"];
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
            /** @description One of our own parts, or a vendor, is away; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    costs_v1_insights_costs_get: {
        parameters: {
            query?: {
                by?: components["schemas"]["By"];
                /** @description So many days until now, today among them (UTC). */
                days?: number;
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
                    "application/json": components["schemas"]["CostsAnswer"];
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
    funnel_v1_insights_funnel_get: {
        parameters: {
            query?: {
                /** @description So many days until now, today among them (UTC). */
                days?: number;
                workflow?: string;
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
                    "application/json": components["schemas"]["FunnelAnswer"];
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
    index_v1_limits_get: {
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
                    "application/json": components["schemas"]["LimitAnswer"][];
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
    put_v1_limits_put: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LimitRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitAnswer"];
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
    remove_v1_limits_delete: {
        parameters: {
            query: {
                kind: components["schemas"]["LimitKind"];
                name?: string;
            };
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
    index_v1_runs_get: {
        parameters: {
            query?: {
                created_after?: string | null;
                created_before?: string | null;
                created_by?: string | null;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description A page looks at as many runs as for `q`. */
                degraded?: boolean | null;
                /** @description Only these members of each run, with commas between them. */
                fields?: string | null;
                /** @description How many at most. */
                limit?: number;
                /** @description From a run's start to its end, or until now. A page looks at as many runs as for `q`. */
                max_seconds?: number | null;
                /** @description From a run's start to its end, or until now. A page looks at as many runs as for `q`. */
                min_seconds?: number | null;
                parent_run_id?: string | null;
                /** @description Text in the brief. A page looks at 1000 runs at most, so it may be short, or empty, and still have a `next_cursor`. */
                q?: string | null;
                session_id?: string | null;
                /** @description Of the state machine; may be repeated. */
                status?: components["schemas"]["RunStatus"][] | null;
                workflow?: string | null;
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
                    "application/json": components["schemas"]["Page_RunAnswer_"];
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
    start_v1_runs_post: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Started"];
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
            /** @description It cannot be understood, or is out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    show_v1_runs__run_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
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
                    "application/json": components["schemas"]["RunAnswer"];
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
    approve_v1_runs__run_id__approve_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecisionRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description The content is refused. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
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
            /** @description One of our own parts, or a vendor, is away; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    artifacts_v1_runs__run_id__artifacts_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
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
                    "application/json": components["schemas"]["ArtifactAnswer"][];
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
    cancel_v1_runs__run_id__cancel_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
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
                    "application/json": components["schemas"]["RunAnswer"];
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
    children_v1_runs__run_id__children_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path: {
                run_id: string;
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
                    "application/json": components["schemas"]["Page_RunAnswer_"];
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
    ask_for_the_rest_v1_runs__run_id__estimate_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
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
                    "application/json": components["schemas"]["EstimateAnswer"];
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
    pack_v1_runs__run_id__evidence_get: {
        parameters: {
            query?: {
                /** @description With the bytes of every artifact, clips and voices, too. */
                full?: boolean;
            };
            header?: never;
            path: {
                run_id: string;
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
                    "application/zip": unknown;
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
            /** @description It cannot be understood, or is out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description One of our own parts, or a vendor, is away; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    fork_v1_runs__run_id__fork_post: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ForkRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Started"];
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
    history_v1_runs__run_id__history_get: {
        parameters: {
            query?: {
                after_seq?: number;
                limit?: number;
            };
            header?: never;
            path: {
                run_id: string;
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
                    "application/json": components["schemas"]["HistoryAnswer"][];
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
    migrate_v1_runs__run_id__migrate_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MigrateRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MigrationAnswer"];
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
    index_v1_runs__run_id__orders_get: {
        parameters: {
            query?: {
                /** @description Of this step alone. */
                step?: string | null;
            };
            header?: never;
            path: {
                run_id: string;
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
                    "application/json": components["schemas"]["OrderAnswer"][];
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
    pause_v1_runs__run_id__pause_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
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
                    "application/json": components["schemas"]["RunAnswer"];
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
    reject_v1_runs__run_id__reject_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Comment"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description The content is refused. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
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
            /** @description One of our own parts, or a vendor, is away; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    request_changes_v1_runs__run_id__request_changes_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Comment"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description The content is refused. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
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
            /** @description One of our own parts, or a vendor, is away; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    resume_v1_runs__run_id__resume_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
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
                    "application/json": components["schemas"]["RunAnswer"];
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
    retry_v1_runs__run_id__retry_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
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
                    "application/json": components["schemas"]["RunAnswer"];
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
    shares_v1_runs__run_id__shares_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
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
                    "application/json": components["schemas"]["orchestrator__api__shares__ShareAnswer"][];
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
    share_v1_runs__run_id__shares_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShareRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["orchestrator__api__shares__ShareAnswer"];
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
    unshare_v1_runs__run_id__shares__share_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
                share_id: string;
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
    send_v1_runs__run_id__signals__name__post: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                name: string;
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["SignalRequest"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignalAnswer"];
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
    state_v1_runs__run_id__state_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
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
                    "application/json": components["schemas"]["StateAnswer"];
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
    of_run_v1_runs__run_id__tasks_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
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
                    "application/json": components["schemas"]["TaskAnswer"][];
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
    terminate_v1_runs__run_id__terminate_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
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
                    "application/json": components["schemas"]["RunAnswer"];
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
    many_v1_runs_bulk_post: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["orchestrator__bulk__BulkAnswer"];
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
    ask_v1_runs_estimate_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EstimateRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EstimateAnswer"];
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
    start_from_brief_v1_runs_start_post: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SeedStart"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Started"];
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
            /** @description It cannot be understood, or is out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    index_v1_schedules_get: {
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
                    "application/json": components["schemas"]["Page_ScheduleAnswer_"];
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
    create_v1_schedules_post: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScheduleRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleAnswer"];
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
    show_v1_schedules__schedule_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                schedule_id: string;
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
                    "application/json": components["schemas"]["WholeSchedule"];
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
    delete_v1_schedules__schedule_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                schedule_id: string;
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
    change_v1_schedules__schedule_id__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                schedule_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScheduleChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleAnswer"];
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
    following_v1_schedules__schedule_id__next_get: {
        parameters: {
            query?: {
                count?: number;
            };
            header?: never;
            path: {
                schedule_id: string;
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
                    "application/json": string[];
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
    pause_v1_schedules__schedule_id__pause_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                schedule_id: string;
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
                    "application/json": components["schemas"]["ScheduleAnswer"];
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
    resume_v1_schedules__schedule_id__resume_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                schedule_id: string;
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
                    "application/json": components["schemas"]["ScheduleAnswer"];
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
    run_now_v1_schedules__schedule_id__run_post: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                schedule_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Begun"];
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
    index_v1_services_get: {
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
                    "application/json": components["schemas"]["ServiceAnswer"][];
                };
            };
            /** @description No credentials, or none that can be verified. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    changes_v1_services__service__changes_get: {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: never;
            path: {
                service: string;
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
                    "application/json": components["schemas"]["ChangeAnswer"][];
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
    queues_v1_services_queues_get: {
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
                    "application/json": components["schemas"]["QueueAnswer"][];
                };
            };
            /** @description No credentials, or none that can be verified. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
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
            /** @description One of our own parts, or a vendor, is away; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    index_v1_tasks_get: {
        parameters: {
            query?: {
                capability?: string | null;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many at most. */
                limit?: number;
                parent_id?: string | null;
                priority?: components["schemas"]["Priority"] | null;
                state?: components["schemas"]["TaskState"] | null;
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
                    "application/json": components["schemas"]["Page_TaskAnswer_"];
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
    create_v1_tasks_post: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaskRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskAnswer"];
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
    show_v1_tasks__task_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                task_id: string;
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
                    "application/json": components["schemas"]["TaskAnswer"];
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
    cancel_v1_tasks__task_id__cancel_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                task_id: string;
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
                    "application/json": components["schemas"]["TaskAnswer"];
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
    ticket_v1_tickets_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            /** @description No credentials, or none that can be verified. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    take_v1_webhooks__vendor__post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                vendor: string;
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
                    "application/json": components["schemas"]["Received"];
                };
            };
            /** @description No credentials, or none that can be verified. */
            401: {
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
            /** @description It is too large. */
            413: {
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
            /** @description Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    workflows_v1_workflows_get: {
        parameters: {
            query?: {
                /** @description Also those that people are not meant to choose. */
                hidden?: boolean;
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
                    "application/json": components["schemas"]["WorkflowAnswer"][];
                };
            };
            /** @description No credentials, or none that can be verified. */
            401: {
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
    show_v2_runs__run_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
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
                    "application/json": components["schemas"]["GraphRun"];
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
    approve_v2_runs__run_id__approve_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecisionRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description The content is refused. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
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
            /** @description One of our own parts, or a vendor, is away; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    approve_v2_runs__run_id__approve_hitl_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecisionRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description The content is refused. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
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
            /** @description One of our own parts, or a vendor, is away; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    history_v2_runs__run_id__history_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
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
                    "application/json": components["schemas"]["Checkpoint"][];
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
    reject_v2_runs__run_id__reject_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Comment"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description The content is refused. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
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
            /** @description One of our own parts, or a vendor, is away; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    resume_v2_runs__run_id__resume_post: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResumeRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GraphRun"];
                };
            };
            /** @description The content is refused. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
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
            /** @description One of our own parts, or a vendor, is away; nothing was changed. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    state_v2_runs__run_id__state_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
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
                    "application/json": components["schemas"]["GraphState"];
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
    start_v2_runs_start_post: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SeedStart"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GraphRun"];
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
            /** @description It cannot be understood, or is out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
}
