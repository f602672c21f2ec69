import { chromium } from "@playwright/test";
import { readFileSync, mkdirSync } from "node:fs";
const url = "http://localhost:18471"; const out="/tmp/eshots"; mkdirSync(out,{recursive:true});
const scene = JSON.parse(readFileSync("/tmp/escene.json","utf8"));
const browser = await chromium.launch({ executablePath:"/usr/bin/chromium", args:["--no-sandbox","--disable-gpu"] });
const only = process.argv[2] ? new RegExp(process.argv[2]) : /./;
const sizes = { d1280:{viewport:{width:1280,height:800}}, d1440:{viewport:{width:1440,height:900}}, t768:{viewport:{width:768,height:1024}}, m390:{viewport:{width:390,height:844},hasTouch:true,isMobile:true} };
const pages = [
 ["owned","ben.okafor","/numbers"],["countries","ben.okafor","/numbers/market"],["market","ben.okafor","/numbers/market?country=US"],
 ["panel","ben.okafor","/numbers/market?country=US&number=%2212025550107%22"],
 ["detail","ben.okafor","/numbers/"+scene.nums[0].id],["handsets","ben.okafor","/numbers/handsets"],["newhandset","ben.okafor","/numbers/handsets?new=true"],
 ["firstrun","admin","/numbers"],
 ["shared","admin","/numbers/"+scene.nums[0].id],
];
for (const [sz,opt] of Object.entries(sizes)) for (const look of ["light","dark"]) {
  const todo=pages.filter(([n])=>only.test(`${n}-${sz}-${look}`)); if(!todo.length) continue;
  for (const who of ["ben.okafor","admin"]) {
    const mine=todo.filter(p=>p[1]===who); if(!mine.length) continue;
    const ctx=await browser.newContext({...opt,colorScheme:look,locale:process.env.LC_SHOT??"en-US",reducedMotion:"reduce",baseURL:url});
    const page=await ctx.newPage(); page.on("console",m=>m.type()==="error"&&console.log(sz,look,m.text().slice(0,300))); page.on("pageerror",e=>console.log("PAGEERROR",e.message.slice(0,400)));
    const r=await ctx.request.post("/api/auth/login",{data:{login:who,password:"violet-harbour-lantern-92",cookie:true},headers:{origin:url}});
    if(!r.ok()) console.log(await r.text());
    await page.addInitScript(()=>localStorage.setItem("convo.signed-in","1"));
    for (const [n,,p] of mine) { await page.goto(p); await page.waitForTimeout(1300);
      const w=await page.evaluate(()=>document.documentElement.scrollWidth-innerWidth); if(w>0) console.log("OVERFLOW",n,sz,w);
      await page.screenshot({path:`${out}/${n}-${sz}-${look}.png`}); }
    await ctx.close();
  }
}
await browser.close();
