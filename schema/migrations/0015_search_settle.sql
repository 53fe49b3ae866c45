-- Many changes of customers in a row leave their search grams in the pending
-- list of the index, which every search walks; whoever made them clears it.
CREATE FUNCTION search_settle() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT gin_clean_pending_list('customer_search_grams'::regclass)
$$;
REVOKE ALL ON FUNCTION search_settle() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_settle() TO kehu_app;
