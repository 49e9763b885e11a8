import { Link } from "@tanstack/react-router";
import { usePosts } from "@/api/others";
import { useMe } from "@/api/session";
import { Button } from "@/components/Button";
import { words } from "@/components/format";
import { Lamp } from "@/components/Lamp";
import { Page } from "@/components/Page";
import { Empty, Loaded } from "@/components/States";
import { type Column, Table } from "@/components/Table";
import { Time } from "@/components/Time";
import { POST_STATES } from "@/status/item";

type Post = NonNullable<ReturnType<typeof usePosts>["data"]>["pages"][number]["items"][number];

const COLUMNS: Column<Post>[] = [
  {
    head: "Post",
    room: "14rem",
    cut: true,
    cell: (post) => (
      <>
        <Link to="/runs/$runId" params={{ runId: post.run_id }} className="run-brief clip">{post.title}</Link>
        {post.problem && <span className="sm stop-tone" style={{ color: "var(--lamp)", whiteSpace: "normal" }}>{post.problem}</span>}
      </>
    ),
  },
  { head: "State", cell: (post) => <Lamp look={POST_STATES[post.state]} /> },
  { head: "Platform", cell: (post) => (post.url ? <a href={post.url} target="_blank" rel="noreferrer">{words(post.platform)}</a> : words(post.platform)) },
  { head: "Published", dim: true, cell: (post) => <Time at={post.published_at} /> },
  { head: "Decision", cell: (post) => <Link to="/airlock/$itemId" params={{ itemId: post.item_id }}>Approval</Link> },
];

/** Every post and what became of it. "Public" means that it was seen in public. */
export function Published() {
  const me = useMe().data;
  const asked = usePosts();
  return (
    <Page title="Published" lead="Every post and what became of it. A post is public once it was seen in public, not before." actions={<a className="button" href={`/feed/${me?.tenant ?? "default"}/`} target="_blank" rel="noreferrer">The local feed</a>}>
      <Loaded asked={{ ...asked, data: asked.data?.pages.flatMap((page) => page.items) }}>
        {(posts) =>
          posts.length ? (
            <>
              <Table label="Posts" rows={posts} id={(post) => post.id} columns={COLUMNS} />
              {asked.hasNextPage && <Button onClick={() => void asked.fetchNextPage()}>Older posts</Button>}
            </>
          ) : (
            <Empty title="Nothing went out yet">A film goes out once somebody has approved exactly its bytes.</Empty>
          )
        }
      </Loaded>
    </Page>
  );
}
