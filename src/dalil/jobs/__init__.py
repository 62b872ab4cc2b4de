"""One table of leased jobs and its worker; and the limited child for heavy or hostile work.

`queue` puts in and cancels, `worker` claims and runs steps, `queries` reads; `sandbox` needs no
Django and may be used without the rest.
"""
