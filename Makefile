# Everything here is `python -m bot …` in an environment of its own. Say `make help`.
SHELL := /bin/sh
PYTHON := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help run chat train check dialogues report questions publish compare bench pictures test soak
.PHONY: lint lock audit sbom wheels pin
.PHONY: setup setup-dev

help: ## visa den här listan
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup ## starta chatten på http://127.0.0.1:5005/ (WORKERS=4: i fyra processer)
	@$(if $(WORKERS),BOT_WORKERS="$(WORKERS)") exec $(PYTHON) -m bot run

chat: setup ## prata med boten i terminalen; /hjälp där visar vad mer som går
	@$(PYTHON) -m bot chat

train: setup ## träna modellen på nytt
	@$(PYTHON) -m bot train

check: $(if $(FULL),setup-dev,setup) ## granska kunskap, exempel, regler och fraser (FULL=1: också rasa data validate)
	@$(PYTHON) -m bot check $(if $(FULL),--full)

dialogues: setup ## pröva dialogtesten i tests/dialogues (FILE=en fil, eller flera)
	@$(PYTHON) -m bot dialogues $(FILE)

questions: setup ## visa vad besökare frågat förgäves (MOVE=12 TO=intent, TEST=1; DROP=12)
	@$(PYTHON) -m bot questions $(if $(MOVE),--move "$(MOVE)") $(if $(TO),--to "$(TO)") \
	  $(if $(TEST),--test) $(if $(DROP),--drop "$(DROP)")

publish: setup ## lämna fakta och modell till alla processer som delar BOT_DATABASE_URL
	@$(PYTHON) -m bot publish

report: setup-dev ## mät hur väl boten förstår och skriv en sida om det (OUTSIDE=mapp med texter om annat)
	@$(PYTHON) -m bot report $(if $(OUTSIDE),--outside "$(OUTSIDE)")

compare: setup-dev ## träna jämförbara klassificerare på samma exempel (OUTSIDE=mapp, tar lång tid)
	@$(PYTHON) tools/compare.py "$(OUTSIDE)"

bench: setup-dev ## mät farten bredvid Rasas egen uppsättning (QUICK=1: kort; SCALE=1: flera processer)
	@$(if $(SCALE),tools/servers)
	@$(PYTHON) -m bot bench $(if $(QUICK),--quick) $(if $(SCALE),--scale)

pictures: setup-dev ## fotografera chatten för dokumentationen (docs/img)
	@tools/browser
	@$(PYTHON) -m bot train --if-needed
	@$(PYTHON) tools/pictures.py

test: setup-dev lint ## kör alla tester, också i webbläsare
	@tools/browser
	@tools/servers
	@tools/linters
	@$(PYTHON) -m bot train --if-needed
	@$(PYTHON) -m pytest -n 2 --dist loadfile

soak: setup-dev ## kör boten hårt i 40 minuter: 50 kill -9, sedan full fart (KILLS=50 MINUTES=30)
	@$(PYTHON) -m bot train --if-needed
	@SOAK_KILLS=$(or $(KILLS),50) SOAK_MINUTES=$(or $(MINUTES),30) $(PYTHON) -m pytest -s -m soak

lint: setup-dev ## granska koden: ruff och mypy
	@$(PYTHON) -m ruff check -q
	@$(PYTHON) -m ruff format -q --check
	@$(PYTHON) -m mypy

lock: setup-dev ## skriv om låsfilerna med nya versioner
	@tools/lock

audit: setup ## lista kända sårbarheter i allt som är låst
	@tools/audit

sbom: setup ## skriv en förteckning över allt som körs: var/sbom.json, CycloneDX (FILE=annan fil)
	@tools/sbom $(FILE)

pin: ## skriv dagens kontrollsumma bakom varje avbild i deploy/images.env (kräver Docker)
	@tools/pin

wheels: setup ## hämta allt till en dator utan internet: var/wheels (FOLDER=annan mapp)
	@tools/wheels $(FOLDER)

setup: ## hämta Python och paketen till .venv (WHEELS=mapp: utan internet, ur mappen)
	@tools/setup runtime

setup-dev:
	@tools/setup dev
