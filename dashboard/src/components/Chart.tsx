import { plot, type PlotOptions } from "@observablehq/plot";
import { useEffect, useRef, useState } from "react";

/** A chart as wide as there is room. What it shows is told in words, too: `says` names it for those who do not see it. */
export function Chart({ says, draw }: { says: string; draw: (width: number) => PlotOptions }) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const watch = new ResizeObserver(([seen]) => seen && setWidth(Math.floor(seen.contentRect.width)));
    if (box.current) watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    if (!box.current || !width) return;
    const drawn = plot({ width, ...draw(width) });
    drawn.setAttribute("aria-hidden", "true");
    box.current.replaceChildren(drawn);
    return () => drawn.remove();
  }, [width, draw]);
  return <div ref={box} className="chart num" role="img" aria-label={says} />;
}
