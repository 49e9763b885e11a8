// Written by `npm run gen` from openapi/producer.json a7729bf3e4891de2de1618e5261d3e3b0f0d503d1f7c0ea61863f5518d0ef434. Do not edit.

export interface paths {
    "/compat/agent-os/create-design": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The same for clients of the agent suite */
        post: operations["create_design_compat_agent_os_create_design_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calls/producer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What steps of a run asked of models, tools and vendors, in order */
        get: operations["index_v1_calls_producer_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/designs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a title card or a thumbnail, without starting a run */
        post: operations["design_v1_designs_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/scripts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Write a script for an idea, without starting a run */
        post: operations["write_v1_scripts_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/scripts/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Read a finished script from a file: Final Draft, Fountain, CSV or plain text. Nothing is stored */
        post: operations["read_v1_scripts_read_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All templates, each as it is now */
        get: operations["templates_v1_templates_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A template, as it is or was */
        get: operations["template_v1_templates__name__get"];
        /** Save a template; what is different becomes its next version */
        put: operations["save_template_v1_templates__name__put"];
        post?: never;
        /** Delete a template with all its versions */
        delete: operations["delete_template_v1_templates__name__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates/{name}/render": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a design of a template */
        post: operations["render_template_v1_templates__name__render_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A template's versions, newest first */
        get: operations["template_versions_v1_templates__name__versions_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was brought along, newest first */
        get: operations["listed_v1_uploads_get"];
        put?: never;
        /** Bring music, footage or a logo along, at most 256 MB */
        post: operations["upload_v1_uploads_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{kind}/{sha256}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete an upload that nothing uses; its bytes go, unless a run has made something of them */
        delete: operations["forget_v1_uploads__kind___sha256__delete"];
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
         * Anchor
         * @description A place in the safe area.
         * @enum {string}
         */
        Anchor: "top_left" | "top" | "top_right" | "centre" | "bottom_left" | "bottom" | "bottom_right";
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
         * BrandKit
         * @description What a film takes over from a brand. What is not said is as it is in films without one.
         */
        BrandKit: {
            /**
             * Colours
             * @description The brand's own, the main one first.
             * @default []
             */
            colours: string[];
            end_card?: components["schemas"]["EndWords"] | null;
            face?: components["schemas"]["Face"] | null;
            logo?: components["schemas"]["Logo"] | null;
            /**
             * Name
             * @description The pack that says it.
             */
            name: string;
        };
        /**
         * Brought
         * @description An upload as a film uses it, with the terms that were said of it.
         */
        Brought: {
            /**
             * Credit
             * @description Who has to be named for it.
             */
            credit?: string | null;
            /**
             * Duration Ms
             * @description 0 for a picture.
             */
            duration_ms: number;
            /** Licence */
            licence: string;
            ref: components["schemas"]["ArtifactRef"];
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
         * Clip
         * @description A filmed shot: H.264 without sound, exactly `frames` long.
         */
        Clip: {
            /**
             * Credit
             * @description Who has to be named for its footage.
             */
            credit?: string | null;
            /** Frames */
            frames: number;
            /** Index */
            index: number;
            /** Provider */
            provider: string;
            /**
             * Reused
             * @description From the cache: made for an earlier order, and costs nothing.
             * @default false
             */
            reused: boolean;
            /** @description A small picture of it. */
            still?: components["schemas"]["ArtifactRef"] | null;
            /**
             * Versions
             * @description It in the further shapes that were asked for.
             * @default []
             */
            versions: components["schemas"]["ClipVersion"][];
            video: components["schemas"]["ArtifactRef"];
        };
        /**
         * ClipVersion
         * @description The same shot in another shape: laid out for it, of the same length.
         */
        ClipVersion: {
            format: components["schemas"]["Format"];
            video: components["schemas"]["ArtifactRef"];
        };
        /**
         * DesignRequest
         * @description What a design says and how large it is.
         * @example {
         *       "emphasis": [
         *         "tides"
         *       ],
         *       "headline": "Why tides rise"
         *     }
         */
        DesignRequest: {
            /**
             * About
             * @description Chooses colours and picture; the headline if empty.
             * @default
             */
            about: string;
            /**
             * Detail
             * @default
             */
            detail: string;
            /**
             * Emphasis
             * @description Words of it in the accent colour.
             * @default []
             */
            emphasis: string[];
            /** Headline */
            headline: string;
            /**
             * Height
             * @default 1920
             */
            height: number;
            /**
             * Kicker
             * @default
             */
            kicker: string;
            /**
             * Template
             * @default poster
             * @enum {string}
             */
            template: "poster" | "banner" | "above" | "below" | "card" | "arch" | "marker" | "quote" | "frame";
            /**
             * Width
             * @default 1080
             */
            width: number;
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
         * EndWords
         * @description What stands on a film's last picture, and for how long.
         */
        EndWords: {
            /**
             * Line
             * @default
             */
            line: string;
            /**
             * Seconds
             * @default 2
             */
            seconds: number;
            /** Title */
            title: string;
        };
        /**
         * Face
         * @description The bundled typefaces that headlines can be set in.
         * @enum {string}
         */
        Face: "inter" | "anton" | "fraunces" | "bricolage" | "grotesk";
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
        /**
         * Filling
         * @description What is put into the gaps.
         * @example {
         *       "values": {
         *         "guest": "Ada"
         *       }
         *     }
         */
        Filling: {
            /**
             * Values
             * @default {}
             */
            values: {
                [key: string]: string;
            };
        };
        /**
         * FinishedScene
         * @description One scene of somebody's own script.
         */
        FinishedScene: {
            /**
             * Heading
             * @description What the script calls it. It is not shown.
             * @default
             */
            heading: string;
            /**
             * Headline
             * @description Shown large; empty: words of the text.
             * @default
             */
            headline: string;
            /**
             * Seconds
             * @description How long it is at least; null: as its words.
             */
            seconds?: number | null;
            /**
             * Text
             * @description Spoken word for word.
             */
            text: string;
        };
        /**
         * FinishedScript
         * @description A script that is written already: nobody thinks up ideas for it, and nobody writes it anew.
         */
        FinishedScript: {
            /**
             * Language
             * @description BCP 47 tag; empty: that of its words.
             * @default
             */
            language: string;
            /** Scenes */
            scenes: components["schemas"]["FinishedScene"][];
            /**
             * Title
             * @default
             */
            title: string;
        };
        /**
         * FootageChoice
         * @description Footage of one's own in the place of a clip that would be filmed.
         */
        FootageChoice: {
            /**
             * Scene
             * @description Counted from 0.
             */
            scene: number;
            /** Upload */
            upload: string;
        };
        /**
         * Format
         * @description The picture's size and rate. `scale` below 1 is a preview of the same film.
         */
        Format: {
            /**
             * Fps
             * @default 30
             */
            fps: number;
            /**
             * Height
             * @default 1920
             */
            height: number;
            /**
             * Width
             * @default 1080
             */
            width: number;
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
         * LeftOut
         * @description Something of the file that is not in the script, and where it stands.
         */
        LeftOut: {
            /** Line */
            line: number;
            /** Text */
            text: string;
            /** What */
            what: string;
        };
        /**
         * LicenceKind
         * @description On which terms it may be used.
         * @enum {string}
         */
        LicenceKind: "own" | "licensed" | "cc_by";
        /**
         * Logo
         * @description A picture with transparency in a corner of every scene.
         */
        Logo: {
            image: components["schemas"]["ArtifactRef"];
            /**
             * Opacity
             * @default 0.9
             */
            opacity: number;
            /** @default top_right */
            place: components["schemas"]["Anchor"];
            /**
             * Width
             * @description As a share of the picture's short side.
             * @default 0.14
             */
            width: number;
        };
        /**
         * MadeDesign
         * @description The picture itself: there is no address at which somebody else keeps it.
         */
        MadeDesign: {
            /** Design Id */
            design_id: string;
            /** Design Type */
            design_type: string;
            /**
             * Downgrades
             * @description Why it is not the vendor's, where it should have been.
             */
            downgrades: components["schemas"]["Downgrade"][];
            /**
             * Edit Url
             * @description Where people go on with it at the vendor's; empty for our own.
             */
            edit_url: string;
            /** Image Base64 */
            image_base64: string;
            /**
             * Media Type
             * @default image/jpeg
             * @constant
             */
            media_type: "image/jpeg";
            origin: components["schemas"]["Origin"];
            /**
             * Provider
             * @description `local`: our own templates; else the vendor.
             * @example local
             * @example canva
             */
            provider: string;
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
         * Palette
         * @description Four colours chosen for the brief: a dark ground, two that move, one that accents; and the ink on the accent.
         */
        Palette: {
            /** Accent */
            accent: string;
            /** First */
            first: string;
            /** Ground */
            ground: string;
            /** Ink */
            ink: string;
            /** Name */
            name: string;
            /** Second */
            second: string;
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
         * Preview
         * @description A script nobody decided about yet; nothing is stored, and its length is not measured.
         */
        Preview: {
            /** Cost Usd */
            cost_usd: number | string;
            /** Model */
            model: string;
            /** Notes */
            notes: components["schemas"]["Downgrade"][];
            origin: components["schemas"]["Origin"];
            script: components["schemas"]["Script"];
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
         * ProductionInput
         * @description An approved idea and the length it should fill.
         */
        ProductionInput: {
            /** @description What the film wears. */
            brand?: components["schemas"]["BrandKit"] | null;
            /** Brief */
            brief: string;
            /**
             * Clips
             * @description The clips of `previous`, in any order.
             * @default []
             */
            clips: components["schemas"]["Clip"][];
            /**
             * Feedback
             * @description What a reviewer wants changed about the last cut.
             */
            feedback?: string | null;
            /**
             * Footage
             * @description Uploads shown in scenes.
             * @default []
             */
            footage: components["schemas"]["FootageChoice"][];
            idea: components["schemas"]["Idea"];
            /**
             * Language
             * @default en
             */
            language: string;
            /**
             * Music
             * @description An upload that is heard instead of our own music.
             */
            music?: string | null;
            /** @description The words of the post as a reviewer last saw or edited them. */
            post?: components["schemas"]["PostCopy"] | null;
            previous?: components["schemas"]["ProductionOutput"] | null;
            /**
             * Rework
             * @description Single things to do again; all else of `previous` stays.
             * @default []
             */
            rework: components["schemas"]["Rework"][];
            /** @description Finished, as it was approved: nobody writes one, and all of it is spoken. */
            script?: components["schemas"]["Script"] | null;
            /** @description Whose voice it is said to be: named once, in the first scene. */
            speaker?: components["schemas"]["Speaker"] | null;
            /**
             * Target Seconds
             * @default 20
             */
            target_seconds: number;
        };
        /**
         * ProductionOutput
         * @description The plan of the film: its script, its shots with their voice, and the music bed.
         */
        ProductionOutput: {
            /** @description What the film wears. */
            brand?: components["schemas"]["BrandKit"] | null;
            /** @description The upload that `music` was cut from. */
            brought_music?: components["schemas"]["Brought"] | null;
            /**
             * Credits
             * @description Who has to be named for its music.
             * @default []
             */
            credits: string[];
            document?: components["schemas"]["ArtifactRef"] | null;
            /** Duration Ms */
            duration_ms: number;
            music: components["schemas"]["ArtifactRef"];
            palette: components["schemas"]["Palette"];
            /**
             * Remarks
             * @description What became of each thing to do again.
             * @default []
             */
            remarks: components["schemas"]["Reworked"][];
            script: components["schemas"]["Script"];
            /**
             * Seed
             * @description The film's own chance: its music and first pictures.
             */
            seed?: number | null;
            /** Shots */
            shots: components["schemas"]["Shot"][];
            /** Transition Frames */
            transition_frames: number;
        };
        /**
         * ReadScript
         * @description A script as it was read. Nothing is stored; a run is started with `script`.
         */
        ReadScript: {
            /**
             * Format
             * @description The ending its file's name has.
             */
            format: string;
            /**
             * Left Out
             * @description What the file has and the script has not.
             */
            left_out: components["schemas"]["LeftOut"][];
            script: components["schemas"]["FinishedScript"];
            /**
             * Seconds
             * @description How long its film will be about.
             */
            seconds: number;
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
         * Reworked
         * @description What became of an order. `said` is a sentence for people; it never repeats the order's own words.
         */
        Reworked: {
            /** Done */
            done: boolean;
            /**
             * Note Ids
             * @default []
             */
            note_ids: string[];
            /** Said */
            said: string;
            /** Scene */
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
         * SeedDesign
         * @description What clients of the agent suite before us ask of its design agent.
         * @example {
         *       "content": "Why tides rise",
         *       "design_type": "thumbnail"
         *     }
         */
        SeedDesign: {
            /** Content */
            content: string;
            /**
             * Design Type
             * @default thumbnail
             * @enum {string}
             */
            design_type: "thumbnail" | "title_card" | "post" | "story";
        };
        /**
         * Shot
         * @description One scene to be filmed. Its length in frames includes the overlaps its transitions eat.
         */
        Shot: {
            beat: components["schemas"]["Beat"];
            /** @description Of its headlines. None: the one that suits the palette. */
            face?: components["schemas"]["Face"] | null;
            /** @description The clip of an earlier plan that had this very shot. */
            filmed?: components["schemas"]["Clip"] | null;
            /** @description Somebody's own footage, shown instead of filming it. */
            footage?: components["schemas"]["Brought"] | null;
            format: components["schemas"]["Format"];
            /** Frames */
            frames: number;
            /** Index */
            index: number;
            /**
             * Language
             * @description Of its words: one character has several forms in East Asia.
             * @default
             */
            language: string;
            /** Layout */
            layout: string;
            palette: components["schemas"]["Palette"];
            /** Seed */
            seed: number;
            /** @description Named in its lower third, for which its layout has room. */
            speaker?: components["schemas"]["Speaker"] | null;
            speech: components["schemas"]["Speech"];
            /** Total */
            total: number;
            /**
             * Voice Start Ms
             * @description When the voice begins, from the scene's first frame.
             */
            voice_start_ms: number;
        };
        /**
         * Speaker
         * @description Who is heard: shown once as a lower third, a name with what they are below it.
         */
        Speaker: {
            /** Name */
            name: string;
            /**
             * Role
             * @default
             */
            role: string;
        };
        /**
         * Speech
         * @description A scene's voice: 48 kHz mono WAV and the time of each written word.
         */
        Speech: {
            audio: components["schemas"]["ArtifactRef"];
            /** Duration Ms */
            duration_ms: number;
            /**
             * Pace
             * @description How fast it was spoken, against the voice's own pace.
             * @default 1
             */
            pace: number;
            /**
             * Reused
             * @description From the cache: spoken for an earlier order, and costs nothing.
             * @default false
             */
            reused: boolean;
            /**
             * Voice
             * @description The adapter and voice, such as `espeak-ng/en-us`.
             */
            voice: string;
            /** Words */
            words: components["schemas"]["Word"][];
        };
        /**
         * TemplateView
         * @description One version of a template, and the gaps that have to be filled.
         */
        TemplateView: {
            design: components["schemas"]["DesignRequest"];
            /** Gaps */
            gaps: string[];
            /** Name */
            name: string;
            /**
             * Saved At
             * Format: date-time
             */
            saved_at: string;
            /** Version */
            version: number;
        };
        /**
         * Upload
         * @description An upload. A brief names it by its hash.
         */
        Upload: {
            /** Created At */
            created_at: string | null;
            /**
             * Credit
             * @description Who is named in the posts of films that use it.
             */
            credit: string | null;
            /** Duration Ms */
            duration_ms: number;
            /** Height */
            height: number;
            kind: components["schemas"]["UploadKind"];
            /** Licence */
            licence: string;
            licence_kind: components["schemas"]["LicenceKind"];
            /** Media Type */
            media_type: string;
            /** Sha256 */
            sha256: string;
            /** Size */
            size: number;
            /** Title */
            title: string;
            /** Width */
            width: number;
        };
        /**
         * UploadKind
         * @description What an upload is for.
         * @enum {string}
         */
        UploadKind: "music" | "footage" | "logo";
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
         * Word
         * @description A written word and when it is heard, from the start of its scene's voice track.
         */
        Word: {
            /** End Ms */
            end_ms: number;
            /** Start Ms */
            start_ms: number;
            /** Text */
            text: string;
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
    create_design_compat_agent_os_create_design_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key, the same design: 24 h. */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SeedDesign"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeDesign"];
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
    index_v1_calls_producer_get: {
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
    design_v1_designs_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key, the same design: 24 h. */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DesignRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": unknown;
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
    write_v1_scripts_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProductionInput"];
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
    read_v1_scripts_read_post: {
        parameters: {
            query: {
                /** @description What the file is called: its ending counts. */
                name: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The file itself. */
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadScript"];
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
        };
    };
    templates_v1_templates_get: {
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
                    "application/json": components["schemas"]["TemplateView"][];
                };
            };
        };
    };
    template_v1_templates__name__get: {
        parameters: {
            query?: {
                /** @description Without it, the newest. */
                version?: number | null;
            };
            header?: never;
            path: {
                /** @description Such as `guest-evening`. */
                name: string;
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
                    "application/json": components["schemas"]["TemplateView"];
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
    save_template_v1_templates__name__put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Such as `guest-evening`. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DesignRequest"];
            };
        };
        responses: {
            /** @description It is like that already. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplateView"];
                };
            };
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplateView"];
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
        };
    };
    delete_template_v1_templates__name__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Such as `guest-evening`. */
                name: string;
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
    render_template_v1_templates__name__render_post: {
        parameters: {
            query?: {
                /** @description Without it, the newest. */
                version?: number | null;
            };
            header?: {
                /** @description The same key, the same design: 24 h. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Such as `guest-evening`. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Filling"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": unknown;
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
    template_versions_v1_templates__name__versions_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Such as `guest-evening`. */
                name: string;
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
                    "application/json": components["schemas"]["TemplateView"][];
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
    listed_v1_uploads_get: {
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
                    "application/json": components["schemas"]["Upload"][];
                };
            };
        };
    };
    upload_v1_uploads_post: {
        parameters: {
            query: {
                /** @description Who made it; `cc_by` needs it. */
                author?: string;
                kind: components["schemas"]["UploadKind"];
                licence: components["schemas"]["LicenceKind"];
                /** @description Under which licence; for `cc_by` which of them, such as CC BY 4.0. */
                licence_text?: string;
                /** @description Where it is from; `cc_by` needs it. */
                source?: string;
                /** @description What it is called. */
                title: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The file itself. What it is, is found out by decoding it. */
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description It was there already. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
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
        };
    };
    forget_v1_uploads__kind___sha256__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: components["schemas"]["UploadKind"];
                sha256: string;
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
}
