"""The project as ape sees it: its configuration compiles the contracts and starts a chain.

Run with `.venv/bin/ape test tests/ape`; plain pytest leaves this folder out.
"""


def test_a_currency_is_deployed_on_the_configured_chain(project, accounts, networks):
    """ape-config.yaml is enough: compiler, remapping and node are found without a download."""
    currency = accounts[0].deploy(project.TestCurrency, "Test Euro", "tEUR", 6)

    assert currency.symbol() == "tEUR"
    assert networks.provider.get_code(currency.address)
    assert networks.provider.name == "foundry"
