import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type ItemDetail, useChanges, useClaim, useItem, useNotes, useSaw } from "@/api/airlock";
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
import { Checklist } from "./Checklist";
import { Checks } from "./Checks";
import { type Film, filmOf, ideasOf, marksOf, notesByScene, scriptOf } from "./content";
import { Decide } from "./Decide";
import { HeldScreenplay, type Words } from "./HeldScreenplay";
import { HeldScript, type HeldWords, type Remark } from "./HeldScript";
import { usePlaces, whyNot } from "./deciding";
import { Hold } from "./Hold";
import { Ideas } from "./Ideas";
import { Links } from "./Links";
import { pointsOf } from "./looking";
import { Notes } from "./Notes";
import { Player } from "./Player";
import { Post } from "./Post";
import type { PostWords } from "./post-words";
import { StillsOf } from "./Still";
import { type Playing, useFilm } from "./useFilm";
import { useLooks } from "./useLooks";
import { type Pointing, usePointing } from "./usePointing";
import "./review.css";

/** One item: what is held, what the checks say, what people say, and the decision. */
export function Review() {
  const itemId = useParams({ strict: false, select: (params: { itemId: string }) => params.itemId });
  const me = useMe().data;
  const asked = useItem(itemId);
  if (asked.data === undefined || !me) return <div className="page"><Loaded asked={asked}>{() => null}</Loaded></div>;
  const film = filmOf(asked.data);
  return film ? <FilmReview key={itemId} detail={asked.data} me={me} film={film} /> : <WordsReview key={itemId} detail={asked.data} me={me} />;
}

function WordsReview({ detail, me }: { detail: ItemDetail; me: Me }) {
  const pointing = usePointing(null, { open: detail.item.status === "open" });
  return <Frame detail={detail} me={me} stage={null} pointing={pointing} />;
}

function FilmReview({ detail, me, film }: { detail: ItemDetail; me: Me; film: Film }) {
  const video = useRef<HTMLVideoElement>(null);
  // The same film for as long as its bytes are the same: what is refreshed must not stop the player.
  const [known, setKnown] = useState(film);
  if (known.video !== film.video) setKnown(film);
  const playing = useFilm(video, known);
  const notes = useNotes(detail.item.id).data?.items;
  const pointing = usePointing(playing, { open: detail.item.status === "open" });
  const marks = useMemo(() => marksOf(detail, notes ?? [], known.fps), [detail, notes, known.fps]);
  const noted = useMemo(() => notesByScene(notes ?? []), [notes]);
  useKeys(
    useCallback(
      (event) => {
        if (event.key === " ") return playing.toggle(), true;
        if (event.key === "," || event.key === ".") return playing.step(event.key === "," ? -1 : 1), true;
        return false;
      },
      [playing],
    ),
  );
  return (
    <Frame
      detail={detail}
      me={me}
      film={known}
      playing={playing}
      pointing={pointing}
      stage={<Player item={detail.item.id} film={known} marks={marks} noted={noted} video={video} playing={playing} pointing={pointing} />}
    />
  );
}

interface FrameProps {
  detail: ItemDetail;
  me: Me;
  stage: React.ReactNode;
  pointing: Pointing;
  film?: Film;
  playing?: Playing;
}

function Frame({ detail, me, stage, pointing, film, playing }: FrameProps) {
  const { item } = detail;
  const go = useNavigate();
  const ideas = ideasOf(detail);
  const held = Number(detail.content.chosen ?? 0);
  const [chosen, setChosen] = useState(held);
  const outline = heldIn(detail.content);
  const [reworded, setReworded] = useState<Words | null>(null);
  const script = scriptOf(detail);
  const [rescripted, setRescripted] = useState<Pick<HeldWords, "beats"> | null>(null);
  const [post, setPost] = useState<Partial<PostWords> | null>(null);
  const [accepted, accept] = useState<string[]>([]);
  const looks = useLooks(film, playing);
  const all = useNotes(item.id).data?.items ?? [];
  const changes = useChanges(item.id, item.manifest_sha256, item.revision > 1).data;
  useSeen(detail, item.revision === 1 || changes !== undefined);
  useKeys(
    useCallback(
      (event) => {
        const index = Number(event.key) - 1;
        if (ideas.length && index in ideas) return setChosen(index), true;
        if (event.key === "Escape") return void go({ to: "/airlock", search: true }), true;
        return false;
      },
      [ideas, go],
    ),
  );
  const places = usePlaces(me);
  const points = pointsOf(detail, film, all, looks, accepted);
  const fps = film?.fps ?? 30;
  const mayEdit = item.status === "open" && !whyNot(item, me, places);
  return (
    <Page
      title={(stage && text(detail.content.title)) || item.title || title(item.gate)}
      above={<><Link to="/airlock" search>Airlock</Link> / {stage ? item.title : title(item.gate)}{item.revision > 1 && `, revision ${item.revision}`}</>}
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
          {stage ?? (outline ? <HeldScreenplay {...outline} edit={mayEdit ? setReworded : undefined} /> : script ? <HeldScript script={script} seconds={Number(detail.content.seconds)} remarks={(detail.content.remarks as Remark[] | undefined) ?? []} edit={mayEdit ? setRescripted : undefined} /> : ideas.length ? <Ideas ideas={ideas} chosen={chosen} choose={item.status === "open" ? setChosen : undefined} /> : <Json value={detail.content} />)}
        </div>
        <div className="review-side">
          {changes && <Changes changes={changes} />}
          {stage && <Post content={detail.content} edit={mayEdit ? setPost : undefined} />}
          {typeof detail.content.brief === "string" && <section><h2>The {outline ? "concept" : "brief"}</h2><p className="dim">{detail.content.brief}</p></section>}
          {item.status === "open" && <Checklist points={points} seek={playing?.seek} />}
          <StillsOf film={film ?? null}><Checks detail={detail} fps={fps} film={film} seek={playing?.seek} looks={looks} accepted={accepted} accept={accept} /></StillsOf>
          <Notes detail={detail} me={me} pointing={pointing} fps={fps} />
          <Decisions detail={detail} />
        </div>
      </div>
      <Decide detail={detail} me={me} edit={post ? { ...post } : reworded ? { screenplay: reworded } : rescripted ? { script: rescripted } : ideas.length && chosen !== held ? { chosen } : undefined} openNotes={all.filter((note) => note.state === "open").length} accepted={accepted} accept={accept} left={points.flatMap((point) => point.left || [])} decided={() => void go({ to: "/airlock", search: true })} />
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
