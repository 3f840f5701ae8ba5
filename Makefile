# Each target is one line over a script people can read in scripts/.
.PHONY: app test check data

app:    ## set up on a fresh machine and run the map
	@sh scripts/app.sh $(ARGS)

test:   ## set up and run every check and test, browser included
	@sh scripts/test.sh $(ARGS)

check:  ## lint, formatting, types and import directions
	@sh scripts/check.sh

data:   ## rebuild data/geo from its packages
	@sh scripts/data.sh
