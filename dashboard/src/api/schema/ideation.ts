// Written by `npm run gen` from openapi/ideation.json cfee9ec71afec3eeb93cd223cc025b3442544cced7bf00f474a1596f3bc5baf8. Do not edit.

export interface paths {
    "/api/screenplay/generate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Outline a film in three acts */
        post: operations["generate_screenplay_api_screenplay_generate_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/compat/agent-os/generate-ideas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ideas about a topic */
        post: operations["generate_ideas_compat_agent_os_generate_ideas_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calls/ideation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What steps of a run asked of models, tools and vendors, in order */
        get: operations["index_v1_calls_ideation_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ideas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Propose ideas for a brief, without starting a run */
        post: operations["propose_v1_ideas_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which models may be asked for by name */
        get: operations["models_v1_models_get"];
        put?: never;
        post?: never;
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
         * @description A third of the story, though seldom of its length.
         */
        Act: {
            /**
             * Purpose
             * @description What is other at its end than it was at its beginning.
             */
            purpose: string;
            /** Scenes */
            scenes: components["schemas"]["Scene"][];
            /** Title */
            title: string;
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
         * CallAnswer
         * @description One call of a step.
         */
        CallAnswer: {
            /**
             * Answered
             * @description The answer; null until there is one.
             */
            answered: unknown;
            /**
             * Asked
             * @description The question as it went out; null where it was forgotten, or not kept.
             */
            asked: unknown;
            /**
             * Attempt
             * @description The attempt that made it, or took it over from one before.
             */
            attempt: number;
            /**
             * Cost Usd
             * @description What it cost; while it is under way, what it may cost at most.
             */
            cost_usd: number | string;
            /** Finished At */
            finished_at: string | null;
            /**
             * Kind
             * @enum {string}
             */
            kind: "model" | "tool" | "vendor";
            /**
             * Name
             * @description Who was asked: an adapter and its model, a tool, a vendor.
             */
            name: string;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            state: components["schemas"]["CallState"];
            /**
             * Step Id
             * Format: uuid
             * @description As `agent.started` names it in the run's history.
             */
            step_id: string;
        };
        /**
         * CallState
         * @description How far a call is.
         * @enum {string}
         */
        CallState: "started" | "done" | "unknown";
        /**
         * Claim
         * @description What a source says, in its words, and where anybody can look it up.
         */
        Claim: {
            /**
             * Found By
             * @description The search or feed that had it, or `library`: a film of ours.
             */
            found_by: string;
            /**
             * Published
             * @description When, as the source says; empty when it does not.
             * @default
             */
            published: string;
            /** Text */
            text: string;
            /** Title */
            title: string;
            /** Url */
            url: string;
        };
        /**
         * ContentIdea
         * @description One idea.
         */
        ContentIdea: {
            /** Content Type */
            content_type: string;
            /** Description */
            description: string;
            /**
             * Estimated Engagement
             * @description Nobody knows it beforehand: null.
             */
            estimated_engagement?: string | null;
            /** Key Points */
            key_points: string[];
            /** Target Audience */
            target_audience: string;
            /** Title */
            title: string;
            /**
             * Trending Score
             * @description Nobody measured it: null.
             */
            trending_score?: number | null;
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
         * GeneratedIdeas
         * @description Ideas nobody decided about yet; nothing is stored.
         */
        GeneratedIdeas: {
            generation_metadata: components["schemas"]["GenerationMetadata"];
            /** Ideas */
            ideas: components["schemas"]["ContentIdea"][];
            market_insights: components["schemas"]["MarketInsights"];
        };
        /**
         * GeneratedScreenplay
         * @description A screenplay in outline that nobody decided about yet; nothing is stored.
         */
        GeneratedScreenplay: {
            /**
             * Agent Used
             * @description The capability that wrote it.
             * @example ideation.write_screenplay
             */
            agent_used: string;
            /**
             * Characters
             * @description Whole profiles come with a run of the workflow `screenplay`.
             */
            characters: components["schemas"]["Part"][];
            /** Cost Usd */
            cost_usd: number | string;
            /** Genre */
            genre: string;
            /** Language */
            language: string;
            /**
             * Logline
             * @example A lonely lighthouse keeper discovers that her light draws ships from the past.
             */
            logline: string;
            /**
             * Model Used
             * @example offline/rules-1
             */
            model_used: string;
            /**
             * Notes
             * @description In which ways it is less than was asked for.
             */
            notes: components["schemas"]["Downgrade"][];
            /** @description `offline` and `sandbox` are stand-ins. */
            origin: components["schemas"]["Origin"];
            /** Three Act Structure */
            three_act_structure: components["schemas"]["Act"][];
            /**
             * Title
             * @example The Lighthouse Keeper and the Light
             */
            title: string;
        };
        /**
         * GenerateIdeas
         * @description A topic, and for whom.
         */
        GenerateIdeas: {
            /**
             * Content Type
             * @default blog_post
             */
            content_type: string;
            /**
             * Count
             * @default 5
             */
            count: number;
            /**
             * Industry
             * @default technology
             */
            industry: string;
            /**
             * Target Audience
             * @default general
             */
            target_audience: string;
            /**
             * Tone
             * @default professional
             */
            tone: string;
            /** Topic */
            topic: string;
        };
        /**
         * GenerateScreenplay
         * @description A concept, and who is to write.
         * @example {
         *       "concept": "A lonely lighthouse keeper discovers that her light draws ships from the past.",
         *       "genre": "mystery",
         *       "minutes": 12
         *     }
         */
        GenerateScreenplay: {
            /** Concept */
            concept: string;
            /**
             * Genre
             * @default
             */
            genre: string;
            /**
             * Language
             * @description BCP 47 tag; empty: that of the concept.
             * @default
             */
            language: string;
            /**
             * Minutes
             * @default 10
             */
            minutes: number;
            /**
             * Model
             * @description One of `GET /v1/models`; null: as the routes say.
             */
            model?: string | null;
        };
        /**
         * GenerationMetadata
         * @description How the ideas came about.
         */
        GenerationMetadata: {
            /** Cost Usd */
            cost_usd: number | string;
            /** Ideas Generated */
            ideas_generated: number;
            /** Model Used */
            model_used: string;
            /** Notes */
            notes: components["schemas"]["Downgrade"][];
            origin: components["schemas"]["Origin"];
            /**
             * Request Id
             * Format: uuid
             */
            request_id: string;
            /**
             * Timestamp
             * Format: date-time
             */
            timestamp: string;
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
         * IdeationInput
         * @description A brief and how many different answers to it are wanted.
         */
        IdeationInput: {
            /**
             * Audience
             * @default
             */
            audience: string;
            /** Brief */
            brief: string;
            /**
             * Claims
             * @description What the ideas may rest on; what ideation finds itself is added.
             * @default []
             */
            claims: components["schemas"]["Claim"][];
            /**
             * Count
             * @default 3
             */
            count: number;
            /**
             * Feedback
             * @description What a reviewer wants changed about `previous`.
             */
            feedback?: string | null;
            /**
             * Looked Up
             * @description How looking for `claims` went; the research tells it first.
             * @default
             */
            looked_up: string;
            /**
             * Past
             * @description Films there are already, which the ideas should differ from.
             * @default []
             */
            past: components["schemas"]["PastFilm"][];
            /**
             * Platforms
             * @default [
             *       "local_feed"
             *     ]
             */
            platforms: string[];
            /**
             * Previous
             * @default []
             */
            previous: components["schemas"]["Idea"][];
            /**
             * Target Seconds
             * @default 20
             */
            target_seconds: number;
            /**
             * Tone
             * @default
             */
            tone: string;
        };
        /**
         * IdeationOutput
         * @description Ideas that differ. `chosen` is the index that goes on unless a reviewer picks another.
         */
        IdeationOutput: {
            /**
             * Chosen
             * @default 0
             */
            chosen: number;
            document?: components["schemas"]["ArtifactRef"] | null;
            /** Ideas */
            ideas: components["schemas"]["Idea"][];
            /**
             * Language
             * @description BCP 47 tag of the brief's language, as detected.
             * @default en
             */
            language: string;
            research?: components["schemas"]["Research"] | null;
        };
        /**
         * MarketInsights
         * @description What the ideas rest on besides the topic.
         */
        MarketInsights: {
            /** Said */
            said: string;
            /**
             * Sources
             * @default []
             */
            sources: string[];
        };
        /**
         * Models
         * @description Which models may be asked for by name.
         */
        Models: {
            /**
             * Default
             * @description Who writes when nobody is named: the adapter and its model.
             */
            default: string;
            /**
             * Models
             * @example [
             *       "large",
             *       "small",
             *       "offline"
             *     ]
             */
            models: string[];
        };
        /**
         * Origin
         * @description Who made the bytes: a vendor for real, a stand-in that says so, or a person.
         * @enum {string}
         */
        Origin: "real" | "sandbox" | "offline" | "upload";
        /** Page[CallAnswer] */
        Page_CallAnswer_: {
            /** Items */
            items: components["schemas"]["CallAnswer"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * Part
         * @description Somebody in a screenplay, as the outline needs them.
         */
        Part: {
            /** Description */
            description: string;
            /** Name */
            name: string;
            /**
             * Role
             * @description What they are to the story, such as `protagonist`.
             */
            role: string;
        };
        /**
         * PastFilm
         * @description A film of the library, in the words by which an idea can be told from it.
         */
        PastFilm: {
            /** Angle */
            angle: string;
            /**
             * Entry Id
             * Format: uuid
             */
            entry_id: string;
            /** Hook */
            hook: string;
            /** Points */
            points: string[];
            /** Summary */
            summary: string;
            /** Title */
            title: string;
        };
        /**
         * Preview
         * @description Ideas nobody decided about yet; nothing is stored.
         */
        Preview: {
            /** Cost Usd */
            cost_usd: number | string;
            ideas: components["schemas"]["IdeationOutput"];
            /** Model */
            model: string;
            /** Notes */
            notes: components["schemas"]["Downgrade"][];
            origin: components["schemas"]["Origin"];
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
         * Research
         * @description What was looked up before there were ideas. `said` tells how that went, also when nothing was found.
         */
        Research: {
            /**
             * Claims
             * @default []
             */
            claims: components["schemas"]["Claim"][];
            /** Said */
            said: string;
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
         * Scene
         * @description One place at one time.
         */
        Scene: {
            /**
             * Beats
             * @description What happens, in order.
             */
            beats: string[];
            /**
             * Characters
             * @description Who is in it, by their names.
             * @default []
             */
            characters: string[];
            /**
             * Heading
             * @description Where and when it plays, such as `INT. LIGHTHOUSE - NIGHT`.
             */
            heading: string;
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
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    generate_screenplay_api_screenplay_generate_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GenerateScreenplay"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GeneratedScreenplay"];
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
            /** @description Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A vendor refused, or cannot do it; trying again changes nothing. */
            502: {
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
    generate_ideas_compat_agent_os_generate_ideas_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GenerateIdeas"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GeneratedIdeas"];
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
    index_v1_calls_ideation_get: {
        parameters: {
            query: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many at most. */
                limit?: number;
                run_id: string;
                /** @description Only of these steps. */
                step_id?: string[] | null;
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
                    "application/json": components["schemas"]["Page_CallAnswer_"];
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
    propose_v1_ideas_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdeationInput"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preview"];
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
    models_v1_models_get: {
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
                    "application/json": components["schemas"]["Models"];
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
        };
    };
}
