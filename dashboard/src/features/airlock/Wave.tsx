import { useQuery } from "@tanstack/react-query";
import { fileUrl } from "@/api/client";

const PEAKS = 240;
const SAMPLES_A_SECOND = 8000;

/** The film's sound as peaks, from its own bytes. */
async function peaksOf(sha256: string): Promise<number[]> {
  const answer = await fetch(fileUrl(sha256));
  if (!answer.ok) throw new Error("The film cannot be had.");
  const sound = await new OfflineAudioContext(1, 1, SAMPLES_A_SECOND).decodeAudioData(await answer.arrayBuffer());
  const samples = sound.getChannelData(0);
  const width = Math.max(1, Math.floor(samples.length / PEAKS));
  return Array.from({ length: PEAKS }, (_, index) => {
    let most = 0;
    for (let at = index * width; at < Math.min(samples.length, (index + 1) * width); at += 1) most = Math.max(most, Math.abs(samples[at] ?? 0));
    return most;
  });
}

/** A waveform under the film. Nothing is shown where the browser cannot decode it. */
export function Wave({ sha256 }: { sha256: string }) {
  const peaks = useQuery({ queryKey: ["wave", sha256], queryFn: () => peaksOf(sha256), staleTime: Infinity, retry: false }).data;
  const path = (peaks ?? Array.from({ length: PEAKS }, () => 0.02)).map((peak, index) => `M${index + 0.5} ${50 - Math.max(1, peak * 48)}V${50 + Math.max(1, peak * 48)}`).join("");
  return (
    <svg className="wave" viewBox={`0 0 ${PEAKS} 100`} preserveAspectRatio="none" aria-hidden>
      <path d={path} />
    </svg>
  );
}
