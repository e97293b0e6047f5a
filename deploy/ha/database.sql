-- Once, on the primary: sudo -u postgres psql -v password=PASSWORD -f database.sql
CREATE ROLE patchbay LOGIN PASSWORD :'password';
CREATE DATABASE patchbay OWNER patchbay;
