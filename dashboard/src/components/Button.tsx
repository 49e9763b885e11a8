import { Link, type LinkProps } from "@tanstack/react-router";
import type { ButtonHTMLAttributes, ReactNode } from "react";

interface Look {
  tone?: "go" | "stop" | "quiet";
  size?: "small";
  children: ReactNode;
}

const classOf = ({ tone, size }: Pick<Look, "tone" | "size">) => ["button", tone, size].filter(Boolean).join(" ");

export function Button({ tone, size, busy, children, ...rest }: Look & ButtonHTMLAttributes<HTMLButtonElement> & { busy?: boolean }) {
  return (
    <button type="button" className={classOf({ tone, size })} aria-busy={busy} {...rest} disabled={rest.disabled || busy}>
      {children}
    </button>
  );
}

export function ButtonLink({ tone, size, children, ...rest }: Look & LinkProps) {
  return (
    <Link className={classOf({ tone, size })} {...rest}>
      {children}
    </Link>
  );
}
