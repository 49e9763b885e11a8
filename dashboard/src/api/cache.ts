import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { Refused } from "./client";
import { keys } from "./keys";

/** The page's cache. What is refused because nobody is signed in any more has the page ask who is. */
export function makeCache(): QueryClient {
  const onError = (error: unknown) => {
    if (error instanceof Refused && error.status === 401 && cache.getQueryData(keys.me)) void cache.invalidateQueries({ queryKey: keys.me });
  };
  const cache = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // What was refused is refused again; what did not answer may yet.
        retry: (count, error) => count < 2 && !(error instanceof Refused && error.status > 0 && error.status < 500),
      },
    },
  });
  return cache;
}
