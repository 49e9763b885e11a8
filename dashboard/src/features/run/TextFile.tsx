import { useQuery } from "@tanstack/react-query";
import { refusedBy } from "@/api/client";
import { Json } from "@/components/Json";
import { Loaded } from "@/components/States";

const SHOWN_AT_MOST = 500_000;

export function TextFile({ url, size }: { url: string; size: number }) {
  const asked = useQuery({
    queryKey: ["file", url],
    queryFn: async () => {
      const answer = await fetch(url);
      if (!answer.ok) throw refusedBy(answer.status, null);
      const text = await answer.text();
      try {
        return JSON.stringify(JSON.parse(text), null, 2);
      } catch {
        return text;
      }
    },
    enabled: size <= SHOWN_AT_MOST,
    staleTime: Infinity,
  });
  if (size > SHOWN_AT_MOST) return <p className="dim">Too large to show here; download it.</p>;
  return <Loaded asked={asked}>{(text) => <Json value={text} />}</Loaded>;
}
