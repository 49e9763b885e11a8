// Written by `npm run gen` from openapi/knowledge.json 1e117b1a72ea04fa28d089766cc9d8ff499e8c5776a9a9789c280d8b269bb3f0. Do not edit.

export interface paths {
    "/v1/library": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Films of your tenant: those that answer a question, best first, or all of them, newest first. */
        get: operations["list_films_v1_library_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/library/{entry_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One film with all the words that made it. */
        get: operations["read_film_v1_library__entry_id__get"];
        put?: never;
        post?: never;
        /** Forget a film, unless a legal hold keeps it. Its run and its files stay. */
        delete: operations["remove_film_v1_library__entry_id__delete"];
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
         * ArchiveInput
         * @description A finished film with the words that made it, to be found again.
         */
        ArchiveInput: {
            /** Brief */
            brief: string;
            idea: components["schemas"]["Idea"];
            post: components["schemas"]["PostContent"];
            /**
             * Posts
             * @default []
             */
            posts: components["schemas"]["PublishedPost"][];
            script: components["schemas"]["Script"];
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
         * Audience
         * @description Who may see a post.
         * @enum {string}
         */
        Audience: "public" | "unlisted" | "private";
        /**
         * Beat
         * @description One thought of the film: what is heard and what is shown.
         */
        Beat: {
            /** @description For a change: what was, and what is. */
            change?: components["schemas"]["Change"] | null;
            /**
             * Detail
             * @description One smaller line below.
             * @default
             */
            detail: string;
            /** @description For a diagram: what is connected with what. */
            diagram?: components["schemas"]["Diagram"] | null;
            /**
             * Emphasis
             * @description Words of the headline in the accent colour.
             * @default []
             */
            emphasis: string[];
            figure?: components["schemas"]["Figure"] | null;
            /**
             * Headline
             * @description Shown large; at most about eight words.
             */
            headline: string;
            /**
             * Items
             * @description For a list: at most four short lines.
             * @default []
             */
            items: string[];
            /**
             * Kicker
             * @description A small label above the headline.
             * @default
             */
            kicker: string;
            kind: components["schemas"]["BeatKind"];
            /**
             * Narration
             * @description Spoken word for word, and captioned.
             */
            narration: string;
            /**
             * Seconds
             * @description How long a finished script wants it at least.
             */
            seconds?: number | null;
        };
        /**
         * BeatKind
         * @description What a beat does in the film; the storyboard renderer chooses its layouts by it.
         * @enum {string}
         */
        BeatKind: "hook" | "point" | "number" | "steps" | "quote" | "change" | "diagram" | "close";
        /**
         * Change
         * @description Two states of one thing, in words that the beat says.
         */
        Change: {
            /** After */
            after: string;
            /**
             * After Label
             * @description What the second is called, such as: now.
             * @default
             */
            after_label: string;
            /** Before */
            before: string;
            /**
             * Before Label
             * @description What the first is called, such as: before.
             * @default
             */
            before_label: string;
        };
        /**
         * Diagram
         * @description A picture of nodes and lines, in words that the beat says.
         */
        Diagram: {
            form: components["schemas"]["DiagramForm"];
            /**
             * Links
             * @description What the lines say, such as: leads to. Fewer than lines, or none.
             * @default []
             */
            links: string[];
            /**
             * Nodes
             * @description In order; a comparison has two.
             */
            nodes: string[];
        };
        /**
         * DiagramForm
         * @description How the parts of a diagram belong together.
         * @enum {string}
         */
        DiagramForm: "chain" | "cycle" | "comparison";
        /**
         * Figure
         * @description A number worth showing large, as the brief or the script gives it.
         */
        Figure: {
            /** Label */
            label: string;
            /** Value */
            value: string;
        };
        /** HTTPValidationError */
        HTTPValidationError: {
            /** Detail */
            detail?: components["schemas"]["ValidationError"][];
        };
        /**
         * Idea
         * @description One concept for a film: enough for a person to choose, and for a writer to go on.
         */
        Idea: {
            /**
             * Angle
             * @description How this idea tells it: its approach, in a few words.
             */
            angle: string;
            /**
             * Hook
             * @description The first sentence a viewer hears.
             */
            hook: string;
            /** Id */
            id: string;
            /**
             * Points
             * @description What the film says, in order.
             */
            points: string[];
            /**
             * Resembles
             * @description Films of the library it is like, most first.
             * @default []
             */
            resembles: components["schemas"]["Resemblance"][];
            /** @description Given by ideation; null where nobody judged it. */
            score?: components["schemas"]["Score"] | null;
            /**
             * Sources
             * @description Addresses of what it rests on besides the brief.
             * @default []
             */
            sources: string[];
            /** Summary */
            summary: string;
            /** Title */
            title: string;
            /**
             * Why
             * @description Why it fits the brief and its audience.
             */
            why: string;
        };
        /**
         * LibraryEntry
         * @description A film with all the words that made it.
         */
        LibraryEntry: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            film: components["schemas"]["ArchiveInput"];
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * LibraryItem
         * @description A film in a list.
         */
        LibraryItem: {
            /** Caption */
            caption: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Duration Ms */
            duration_ms: number;
            /** Hashtags */
            hashtags: string[];
            /** Hook */
            hook: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Language */
            language: string;
            /** Posts */
            posts: components["schemas"]["PublishedPost"][];
            /**
             * Rank
             * @description From 0 to 1, higher is better; null without a question.
             */
            rank: number | null;
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
            /** Snippet */
            snippet: components["schemas"]["SnippetPiece"][];
            thumbnail: components["schemas"]["ArtifactRef"];
            /** Title */
            title: string;
            video: components["schemas"]["ArtifactRef"];
        };
        /** Page[LibraryItem] */
        Page_LibraryItem_: {
            /** Items */
            items: components["schemas"]["LibraryItem"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * PostContent
         * @description Exactly what goes out: the release manifest is the hash of this and of the bytes it names.
         */
        PostContent: {
            /**
             * Account
             * @description Whose; empty: the one account the platform knows.
             * @default
             */
            account: string;
            /** Caption */
            caption: string;
            captions: components["schemas"]["ArtifactRef"];
            /** Duration Ms */
            duration_ms: number;
            /**
             * Hashtags
             * @default []
             */
            hashtags: string[];
            /** Height */
            height: number;
            /**
             * Language
             * @default en
             */
            language: string;
            /** Platforms */
            platforms: string[];
            thumbnail: components["schemas"]["ArtifactRef"];
            /** Title */
            title: string;
            video: components["schemas"]["ArtifactRef"];
            /** @default public */
            visibility: components["schemas"]["Audience"];
            /** Width */
            width: number;
            /** @default {} */
            window: components["schemas"]["Window"];
        };
        /**
         * PostCopy
         * @description The words that go with the film where it is published.
         */
        PostCopy: {
            /** Caption */
            caption: string;
            /**
             * Hashtags
             * @default []
             */
            hashtags: string[];
            /** Title */
            title: string;
        };
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
         * PublishedPost
         * @description One post on one platform, seen where the public would see it.
         */
        PublishedPost: {
            /** Platform */
            platform: string;
            /** Post Id */
            post_id: string;
            /**
             * Published At
             * Format: date-time
             */
            published_at: string;
            /** Url */
            url: string;
            visibility: components["schemas"]["Visibility"];
        };
        /**
         * Resemblance
         * @description A film of the library that an idea is like.
         */
        Resemblance: {
            /**
             * Entry Id
             * Format: uuid
             */
            entry_id: string;
            /**
             * Likeness
             * @description The share of their words that they have in common.
             */
            likeness: number;
            /** Title */
            title: string;
        };
        /**
         * Score
         * @description How well an idea suits the brief's audience and platforms, by a written rubric that looks at its words alone.
         *
         *     Nobody knows beforehand how a film will do, and this does not say it.
         */
        Score: {
            /**
             * By
             * @description The rubric and its version.
             */
            by: string;
            /** Parts */
            parts: components["schemas"]["ScorePart"][];
            /** Points */
            points: number;
        };
        /**
         * ScorePart
         * @description One thing a score is made of: how many points of how many, and why.
         */
        ScorePart: {
            /** Name */
            name: string;
            /** Of */
            of: number;
            /** Points */
            points: number;
            /** Why */
            why: string;
        };
        /**
         * Script
         * @description A film in words, timed to a target length by measured speech.
         */
        Script: {
            /** Beats */
            beats: components["schemas"]["Beat"][];
            /**
             * Language
             * @default en
             */
            language: string;
            post: components["schemas"]["PostCopy"];
            /** Title */
            title: string;
        };
        /**
         * SnippetPiece
         * @description A part of a snippet: plain text, to be shown as text. `hit` says that it is what was asked for.
         */
        SnippetPiece: {
            /** Hit */
            hit: boolean;
            /** Text */
            text: string;
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
         * Visibility
         * @description How far a post has come. Only a look at the platform itself makes it `public`.
         * @enum {string}
         */
        Visibility: "uploading" | "accepted" | "private" | "public" | "unconfirmed" | "failed";
        /**
         * Window
         * @description When a post may go out: from `not_before` on, and not after `not_after`; without one there is no such end.
         */
        Window: {
            /** Not After */
            not_after?: string | null;
            /** Not Before */
            not_before?: string | null;
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
    list_films_v1_library_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many at most. */
                limit?: number;
                /** @description Words, "phrases", `or` and `-not`. Any text is allowed; 500 characters count. */
                query?: string | null;
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
                    "application/json": components["schemas"]["Page_LibraryItem_"];
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
    read_film_v1_library__entry_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                entry_id: string;
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
                    "application/json": components["schemas"]["LibraryEntry"];
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
    remove_film_v1_library__entry_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                entry_id: string;
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
