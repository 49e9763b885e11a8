import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";

export function Dialog({ open, close, title, says, wide, children }: { open: boolean; close: () => void; title: string; says?: ReactNode; wide?: boolean; children: ReactNode }) {
  return (
    <Radix.Root open={open} onOpenChange={(now) => !now && close()}>
      <Radix.Portal>
        <Radix.Overlay className="veil" />
        <Radix.Content className={wide ? "dialog wide" : "dialog"} {...(says ? {} : { "aria-describedby": undefined })}>
          <Radix.Title asChild>
            <h2>{title}</h2>
          </Radix.Title>
          {says && (
            <Radix.Description asChild>
              <div className="dim">{says}</div>
            </Radix.Description>
          )}
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
