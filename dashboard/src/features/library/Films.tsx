import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { fileUrl } from "@/api/client";
import { useLibrary } from "@/api/others";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { clock } from "@/components/format";
import { Empty, Loaded } from "@/components/States";
import { Time } from "@/components/Time";

/** Finished films, found by what is said in them. */
export function Films({ query }: { query: string }) {
  const [open, setOpen] = useState<string | null>(null);
  const asked = useLibrary(query);
  const films = asked.data?.pages.flatMap((page) => page.items);
  const shown = films?.find((film) => film.id === open);
  return (
    <>
      <Loaded asked={{ ...asked, data: films }}>
        {(all) =>
          all.length ? (
            <>
              <ul className="films">
                {all.map((film) => (
                  <li key={film.id}>
                    <button type="button" onClick={() => setOpen(film.id)}>
                      <img src={fileUrl(film.thumbnail.sha256)} alt="" loading="lazy" />
                      <strong>{film.title}</strong>
                      <span className="faint sm num">{clock(film.duration_ms).slice(0, 5)}, <Time at={film.created_at} /></span>
                      {film.snippet.length > 0 && <span className="dim sm">{film.snippet.map((piece, index) => (piece.hit ? <mark key={index}>{piece.text}</mark> : <span key={index}>{piece.text}</span>))}</span>}
                    </button>
                  </li>
                ))}
              </ul>
              {asked.hasNextPage && <Button onClick={() => void asked.fetchNextPage()}>Older films</Button>}
            </>
          ) : (
            <Empty title={query ? "No film says that" : "No film yet"}>{query ? "Search looks at titles, captions and what is said." : "Films come here once they are published."}</Empty>
          )
        }
      </Loaded>
      <Dialog open={!!shown} close={() => setOpen(null)} wide title={shown?.title ?? ""} says={shown?.caption}>
        {shown && <video className="viewed" src={fileUrl(shown.video.sha256)} poster={fileUrl(shown.thumbnail.sha256)} controls playsInline autoPlay style={{ maxHeight: "60vh", margin: "0 auto" }} />}
        {shown && (
          <div className="actions">
            <a className="button" href={fileUrl(shown.video.sha256)} download={`${shown.title}.mp4`}>Download</a>
            <Link className="button" to="/runs/$runId" params={{ runId: shown.run_id }}>The run</Link>
          </div>
        )}
      </Dialog>
    </>
  );
}
