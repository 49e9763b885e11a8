import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, got, Refused, renew, type People } from "./client";
import { keys } from "./keys";

export type Role = People["Role"];
export type Me = People["MeView"];
const RENEW_MS = 10 * 60_000;

/** Who is signed in; null when nobody is. */
export const useMe = () =>
  useQuery({
    queryKey: keys.me,
    queryFn: async (): Promise<Me | null> => {
      try {
        return await got(api.GET("/v1/me"));
      } catch (error) {
        if (error instanceof Refused && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: 60_000,
    retry: (count, error) => count < 3 && !(error instanceof Refused && error.status === 403),
  });

/** Whether somebody with these roles may do what is for `wanted`. Asking is for showing; the services decide. */
export const holds = (me: Me | null | undefined, ...wanted: Role[]): boolean =>
  !!me && (me.roles.includes("admin") || wanted.some((role) => me.roles.includes(role)));

export type Way = { link: string } | { key: string } | { user_id: string; password: string; tenant?: string };

export function useSignIn() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (way: Way) => got(api.POST("/v1/sessions", { body: { tenant: "default", ...way } })),
    onSuccess: async () => {
      // Nothing that somebody else saw is left.
      cache.clear();
      await cache.fetchQuery({ queryKey: keys.me, queryFn: () => got(api.GET("/v1/me")) });
    },
  });
}

export function useSignOut() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => got(api.DELETE("/v1/sessions/current")),
    onSettled: () => {
      cache.clear();
      location.assign("/sign-in");
    },
  });
}

/** Films and pictures are asked for by the browser itself, so the token has to be fresh before it runs out. */
export function useFreshToken(signedIn: boolean): void {
  useEffect(() => {
    if (!signedIn) return;
    // Where nobody answers, the next one who is refused asks again.
    const fresh = () => void renew().catch(() => undefined);
    const timer = setInterval(fresh, RENEW_MS);
    const back = () => document.visibilityState === "visible" && fresh();
    document.addEventListener("visibilitychange", back);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", back);
    };
  }, [signedIn]);
}
