import { Link } from "@tanstack/react-router";
import { usePosts } from "@/api/others";
import { useMe } from "@/api/session";
import { Button } from "@/components/Button";
import { words } from "@/components/format";
import { Lamp } from "@/components/Lamp";
import { Page } from "@/components/Page";
import { Scroll } from "@/components/Scroll";
import { Empty, Loaded } from "@/components/States";
import { Time } from "@/components/Time";
import { POST_STATES } from "@/status/item";

/** Every post and what became of it. "Public" means that it was seen in public. */
export function Published() {
  const me = useMe().data;
  const asked = usePosts();
  return (
    <Page title="Published" lead="Every post and what became of it. A post is public once it was seen in public, not before." actions={<a className="button" href={`/feed/${me?.tenant ?? "default"}/`} target="_blank" rel="noreferrer">The local feed</a>}>
      <Loaded asked={{ ...asked, data: asked.data?.pages.flatMap((page) => page.items) }}>
        {(posts) =>
          posts.length ? (
            <Scroll label="Posts">
              <table className="table">
                <thead><tr><th>Post</th><th>State</th><th>Platform</th><th>Published</th><th>Decision</th></tr></thead>
                <tbody>
                  {posts.map((post) => (
                    <tr key={post.id}>
                      <td className="wide clip" style={{ minWidth: "14rem" }}>
                        <Link to="/runs/$runId" params={{ runId: post.run_id }} className="run-brief clip">{post.title}</Link>
                        {post.problem && <span className="sm stop-tone" style={{ color: "var(--lamp)", whiteSpace: "normal" }}>{post.problem}</span>}
                      </td>
                      <td><Lamp look={POST_STATES[post.state]} /></td>
                      <td>{post.url ? <a href={post.url} target="_blank" rel="noreferrer">{words(post.platform)}</a> : words(post.platform)}</td>
                      <td className="dim"><Time at={post.published_at} /></td>
                      <td><Link to="/airlock/$itemId" params={{ itemId: post.item_id }}>Approval</Link></td>
                    </tr>
                  ))}
                </tbody>
              </table>
              {asked.hasNextPage && <Button onClick={() => void asked.fetchNextPage()}>Older posts</Button>}
            </Scroll>
          ) : (
            <Empty title="Nothing went out yet">A film goes out once somebody has approved exactly its bytes.</Empty>
          )
        }
      </Loaded>
    </Page>
  );
}
