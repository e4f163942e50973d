-- Views over those of the tables (`articles`, `actors`, `commitments`, `rejects`) and of the marks. Each picks its rows
-- by narrow columns and then joins the wide ones, so that texts are read only of the rows that are asked for.

-- One row for each finished segment of input, with the time at which it was loaded.
CREATE OR REPLACE VIEW segments AS
SELECT segment,
       sequence,
       finished_at AS loaded_at,
       list_transform(inputs, lambda part: part.name) AS inputs,
       counts['read'] AS read,
       counts['articles'] AS articles,
       counts['rejects'] AS rejects,
       counts['duplicates'] AS duplicates,
       counts['filtered'] AS filtered,
       counts['skipped'] AS skipped,
       len(files) AS files,
       versions['pipeline'] AS pipeline_version,
       versions['schema'] AS schema_version,
       versions['tagger'] AS tagger_version,
       versions['model'] AS model,
       coalesce(resolves, []) AS resolves
FROM marks;

-- The newest version of each article.
CREATE OR REPLACE VIEW latest_articles AS
SELECT articles.*
FROM articles SEMI JOIN (
    SELECT article_id, content_id
    FROM articles
    QUALIFY row_number() OVER (
        PARTITION BY article_id
        ORDER BY modified_at DESC NULLS LAST, fetched_at DESC NULLS LAST, published_at DESC NULLS LAST, content_id DESC
    ) = 1
) AS newest USING (article_id, content_id);

-- The commitments in the newest version of each article.
CREATE OR REPLACE VIEW latest_commitments AS
SELECT commitments.*
FROM commitments SEMI JOIN latest_articles USING (article_id, content_id);

-- One of each commitment, however many addresses repeat its text to the letter: the earliest.
CREATE OR REPLACE VIEW distinct_commitments AS
SELECT commitments.*
FROM commitments SEMI JOIN (
    SELECT commitment_id
    FROM commitments
    QUALIFY row_number() OVER (
        PARTITION BY content_id, trigger_start, trigger_end ORDER BY date NULLS LAST, article_id
    ) = 1
) AS earliest USING (commitment_id);

-- One row for each statement, as its earliest article has it; in how many sources and articles it stands; and when
-- it was first and last seen (when those were published, else fetched).
CREATE OR REPLACE VIEW statements AS
SELECT seen.statement_id, first_date, last_date, first_seen, last_seen, sources, articles,
       kind, domain, actors, counterparties, speaker, trigger, action, condition, deadline, due_date, conditional,
       amounts, sentence, confidence, commitment_id, article_id, content_id, url
FROM commitments JOIN (
    SELECT statement_id,
           arg_min(commitment_id, (coalesce(published_at, fetched_at, 'infinity'), commitment_id)) AS commitment_id,
           min(commitments.date) AS first_date,
           max(commitments.date) AS last_date,
           min(coalesce(published_at, fetched_at)) AS first_seen,
           max(coalesce(published_at, fetched_at)) AS last_seen,
           count(DISTINCT coalesce(source, articles.url, article_id)) AS sources,
           count(DISTINCT article_id) AS articles
    FROM commitments LEFT JOIN articles USING (article_id, content_id)
    GROUP BY statement_id
) AS seen USING (commitment_id);

-- How often each actor committed itself to each counterpart, by kind: statements are counted once over articles.
CREATE OR REPLACE VIEW pledges_by_pair AS
SELECT actor.actor_id AS actor_id,
       max(actor.name) AS actor,
       counterparty.actor_id AS counterparty_id,
       max(counterparty.name) AS counterparty,
       kind,
       count(DISTINCT statement_id) AS statements,
       count(DISTINCT statement_id) FILTER (conditional) AS conditional,
       count(DISTINCT article_id) AS articles,
       min(date) AS first_date,
       max(date) AS last_date
FROM commitments, unnest(actors) AS bound(actor), unnest(counterparties) AS other(counterparty)
GROUP BY actor.actor_id, counterparty.actor_id, kind;
