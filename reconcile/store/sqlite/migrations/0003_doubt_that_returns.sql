-- The doubt about an attempt that was given up for another returns where nothing comes of that
-- one. Which one that is was told in words before, 'no word of it for 10 minutes; ID follows'.
ALTER TABLE attempts ADD COLUMN followed_by TEXT NOT NULL DEFAULT '';

UPDATE attempts SET followed_by =
    substr(meaning, length('no word of it for 10 minutes; ') + 1,
           length(meaning) - length('no word of it for 10 minutes; ' || ' follows'))
    WHERE state = 'abandoned' AND meaning LIKE 'no word of it for 10 minutes; % follows';
