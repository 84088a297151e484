-- Writes into the file what the snapshot made from it says of itself.
UPDATE core.publication
SET
    content_hash = $content_hash,
    phaseout_version = $phaseout_version;
