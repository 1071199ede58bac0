"""`buf curl` knows nothing of heng but its address: reflection tells it the rest."""

import json
import os
import subprocess
import unittest

import yaml
from heng_client import CLIENTS, REPOSITORY, Server

BUF = os.environ.get("BUF_BIN", str(CLIENTS / "node_modules/.bin/buf"))


class BufCurl(unittest.TestCase):
    def curl(self, server, method, message):
        command = [BUF, "curl", "--protocol", "grpc", "--http2-prior-knowledge", "--data", "@-"]
        url = f"http://{server.address}/{method}"
        done = subprocess.run(
            [*command, url], input=json.dumps(message), capture_output=True, encoding="utf-8", timeout=60, cwd=server.folder
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_it_evaluates_and_finds_the_form_again(self):
        form = yaml.safe_load((REPOSITORY / "examples/longgang-2022.yaml").read_text(encoding="utf-8"))
        with Server() as server:
            answer = self.curl(server, "heng.v1.EvaluationService/EvaluateForm", {"form": form})
            found = answer["evaluation"]
            self.assertEqual((found["points"]["awarded"], found["points"]["ceiling"]), ("98.18", "98.91"))
            self.assertEqual(found["indicators"][5]["met"], "MET_NOT_MET")
            again = self.curl(server, "heng.v1.EvaluationService/GetEvaluation", {"id": found["id"]})
            self.assertEqual(again["evaluation"], found)


if __name__ == "__main__":
    unittest.main()
