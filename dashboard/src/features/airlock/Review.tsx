import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type ItemDetail, type Note, useChanges, useClaim, useItem, useNotes, useSaw } from "@/api/airlock";
import type { Airlock } from "@/api/client";
import { type Me, useMe } from "@/api/session";
import { Button } from "@/components/Button";
import { text, title } from "@/components/format";
import { Json } from "@/components/Json";
import { Lamp } from "@/components/Lamp";
import { Page } from "@/components/Page";
import { Loaded } from "@/components/States";
import { Time } from "@/components/Time";
import { complain } from "@/components/toasts";
import { useKeys } from "@/shell/useKeys";
import { ITEM_STATUSES } from "@/status/item";
import { heldIn } from "../screenplay/read";
import { Changes } from "./Changes";
import { Checks } from "./Checks";
import { type Film, filmOf, frameToMs, ideasOf, marksOf } from "./content";
import { Decide } from "./Decide";
import { HeldScreenplay, type Words } from "./HeldScreenplay";
import { usePlaces, whyNot } from "./deciding";
import { Hold } from "./Hold";
import { Ideas } from "./Ideas";
import { Links } from "./Links";
import { Notes } from "./Notes";
import { Player } from "./Player";
import { Post } from "./Post";
import type { PostWords } from "./post-words";
import { StillsOf } from "./Still";
import { useFilm } from "./useFilm";
import "./review.css";

/** One item: what is held, what the checks say, what people say, and the decision. */
export function Review() {
  const itemId = useParams({ strict: false, select: (params: { itemId: string }) => params.itemId });
  const me = useMe().data;
  const asked = useItem(itemId);
  if (asked.data === undefined || !me) return <div className="page"><Loaded asked={asked}>{() => null}</Loaded></div>;
  const film = filmOf(asked.data);
  return film ? <FilmReview key={itemId} detail={asked.data} me={me} film={film} /> : <Frame key={itemId} detail={asked.data} me={me} stage={null} fps={30} />;
}

function FilmReview({ detail, me, film }: { detail: ItemDetail; me: Me; film: Film }) {
  const video = useRef<HTMLVideoElement>(null);
  // The same film for as long as its bytes are the same: what is refreshed must not stop the player.
  const [known, setKnown] = useState(film);
  if (known.video !== film.video) setKnown(film);
  const playing = useFilm(video, known);
  const notes = useNotes(detail.item.id).data?.items;
  const [writing, setWriting] = useState(false);
  const [region, setRegion] = useState<Airlock["Region"] | null>(null);
  const marks = useMemo(() => marksOf(detail, notes ?? [], known.fps), [detail, notes, known.fps]);
  const write = (now: boolean) => {
    if (now) video.current?.pause();
    setWriting(now);
  };
  useKeys(
    useCallback(
      (event) => {
        if (event.key === " ") return playing.toggle(), true;
        if (event.key === "," || event.key === ".") return playing.step(event.key === "," ? -1 : 1), true;
        if (event.key === "n") return video.current?.pause(), setWriting(true), true;
        return false;
      },
      [playing],
    ),
  );
  const show = (note: Note) => {
    const span = note.span_now ?? note.span;
    if (span) playing.seek(span.frame);
    setRegion(note.region);
  };
  return (
    <Frame
      detail={detail}
      me={me}
      fps={known.fps}
      film={known}
      seek={playing.seek}
      stage={<Player film={known} marks={marks} video={video} playing={playing} region={region} draw={writing ? setRegion : undefined} />}
      notes={<Notes item={detail.item.id} open={detail.item.status === "open"} writing={writing} setWriting={write} atMs={frameToMs(playing.frame, known.fps)} region={writing ? region : null} setRegion={setRegion} show={show} />}
    />
  );
}

interface FrameProps {
  detail: ItemDetail;
  me: Me;
  stage: React.ReactNode;
  fps: number;
  film?: Film;
  seek?: (frame: number) => void;
  notes?: React.ReactNode;
}

function Frame({ detail, me, stage, fps, film, seek, notes }: FrameProps) {
  const { item } = detail;
  const go = useNavigate();
  const ideas = ideasOf(detail);
  const held = Number(detail.content.chosen ?? 0);
  const [chosen, setChosen] = useState(held);
  const outline = heldIn(detail.content);
  const [reworded, setReworded] = useState<Words | null>(null);
  const [post, setPost] = useState<Partial<PostWords> | null>(null);
  const [writing, setWriting] = useState(false);
  const all = useNotes(item.id).data?.items ?? [];
  const changes = useChanges(item.id, item.manifest_sha256, item.revision > 1).data;
  useSeen(detail, item.revision === 1 || changes !== undefined);
  useKeys(
    useCallback(
      (event) => {
        const index = Number(event.key) - 1;
        if (ideas.length && index in ideas) return setChosen(index), true;
        if (!stage && event.key === "n") return setWriting(true), true;
        if (event.key === "Escape") return void go({ to: "/airlock" }), true;
        return false;
      },
      [ideas, stage, go],
    ),
  );
  const places = usePlaces(me);
  return (
    <Page
      title={(stage && text(detail.content.title)) || item.title || title(item.gate)}
      above={<><Link to="/airlock">Airlock</Link> / {stage ? item.title : title(item.gate)}{item.revision > 1 && `, revision ${item.revision}`}</>}
      lead={<Standing detail={detail} me={me} />}
      actions={
        <>
          <Hold item={item} me={me} />
          <Links item={item} me={me} />
          {item.run_id && <Link className="button" to="/runs/$runId" params={{ runId: item.run_id }}>The run</Link>}
        </>
      }
    >
      <div className={stage ? "review with-film" : "review"}>
        <div className="review-stage">
          {stage ?? (outline ? <HeldScreenplay {...outline} edit={item.status === "open" && !whyNot(item, me, places) ? setReworded : undefined} /> : ideas.length ? <Ideas ideas={ideas} chosen={chosen} choose={item.status === "open" ? setChosen : undefined} /> : <Json value={detail.content} />)}
        </div>
        <div className="review-side">
          {changes && <Changes changes={changes} />}
          {stage && <Post content={detail.content} edit={item.status === "open" && !whyNot(item, me, places) ? setPost : undefined} />}
          {typeof detail.content.brief === "string" && <section><h2>The {outline ? "concept" : "brief"}</h2><p className="dim">{detail.content.brief}</p></section>}
          <StillsOf film={film ?? null}><Checks detail={detail} fps={fps} seek={seek} /></StillsOf>
          {notes ?? <Notes item={item.id} open={item.status === "open"} writing={writing} setWriting={setWriting} atMs={null} region={null} setRegion={() => undefined} show={() => undefined} />}
          <Decisions detail={detail} />
        </div>
      </div>
      <Decide detail={detail} me={me} edit={post ? { ...post } : reworded ? { screenplay: reworded } : ideas.length && chosen !== held ? { chosen } : undefined} openNotes={all.filter((note) => note.state === "open").length} decided={() => void go({ to: "/airlock" })} />
    </Page>
  );
}

/** Tell that somebody has looked, once the changes since the last look are on the page. */
function useSeen(detail: ItemDetail, ready: boolean): void {
  const { id, manifest_sha256: manifest, status } = detail.item;
  const { mutate } = useSaw(id);
  const told = useRef("");
  useEffect(() => {
    if (!ready || status !== "open" || told.current === manifest) return;
    told.current = manifest;
    mutate(manifest);
  }, [ready, manifest, status, mutate]);
}

function Standing({ detail, me }: { detail: ItemDetail; me: Me }) {
  const { item } = detail;
  const claim = useClaim(item.id);
  const mine = item.claim?.by === me.user_id;
  return (
    <div className="standing">
      <Lamp look={ITEM_STATUSES[item.status]} />
      <span>opened <Time at={item.opened_at} />, brief by {item.requested_by}</span>
      {item.status === "open" && <span>due <Time at={item.due_at} /></span>}
      {item.stage.of > 1 && <span>stage {item.stage.number} of {item.stage.of}: {item.stage.name}</span>}
      {item.claim && !mine && <span>{item.claim.by} is looking, until <Time at={item.claim.until} /></span>}
      {item.status === "open" && (!item.claim || mine) && (
        <Button size="small" tone="quiet" busy={claim.isPending} onClick={() => claim.mutate(!mine, { onError: complain })}>{mine ? "Let others decide" : "Claim for 15 min"}</Button>
      )}
      {item.hold && <span className="stop-tone" style={{ color: "var(--lamp)" }}>held by {item.hold.by}: {item.hold.reason}</span>}
    </div>
  );
}

const Decisions = ({ detail }: { detail: ItemDetail }) =>
  detail.decisions.length > 0 && (
    <section aria-label="Decisions">
      <h2>Decisions</h2>
      <ul className="said">
        {detail.decisions.map((one) => (
          <li key={one.id}>
            <strong>{title(one.decision)}</strong> by {one.decided_by}{one.in_place_of && ` for ${one.in_place_of}`}, <Time at={one.decided_at} />
            {one.comment && <p className="dim">{one.comment}</p>}
            {one.accepted_downgrades.length > 0 && <p className="dim">Accepts {one.accepted_downgrades.join(", ")}.</p>}
            <p className="faint sm">of <code title={one.manifest_sha256}>{one.manifest_sha256.slice(0, 12)}</code> under {one.policy_version}</p>
          </li>
        ))}
      </ul>
    </section>
  );
